package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** An image of this machine's curl under the name of the official one, which needs a registry; and {@code sleep}, for pods that wait. */
final class CurlImage {
    private static final String TAG = "curlimages/curl:8.11.1";
    private static final Path FOLDER = Path.of(System.getProperty("paddock.root"), "e2e/target/curl-image");
    private static final List<String> PROGRAMS = List.of("curl", "sleep");

    private CurlImage() {}

    /** Loads it, unless that was done; a cluster that was given has the official one. */
    static void loadInto(Lab lab) throws IOException, InterruptedException {
        lab.once("image of curl", () -> {
            if (!lab.isGiven()) lab.load(write());
        });
    }

    private static Path write() throws IOException, InterruptedException {
        FileUtils.deleteDirectory(FOLDER.toFile());
        Path root = Files.createDirectories(FOLDER.resolve("root"));
        for (String program : PROGRAMS) LinkedPrograms.add(program, root);
        DockerArchive.tar(FOLDER.resolve("layer.tar"), root, List.of("."));
        return DockerArchive.write(
                FOLDER, TAG, "{\"User\": \"100:101\", \"Env\": [\"PATH=/bin\"]}", List.of("layer.tar"));
    }
}
