package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The image of the container that holds a pod's namespaces: one static program. */
final class PauseImage {
    static final String TAG = "paddock.dev/pause:lab";

    private PauseImage() {}

    /** Makes a docker-archive in a folder that is empty. */
    static Path write(Path program, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        DockerArchive.tar(
                folder.resolve("layer.tar"),
                program.getParent(),
                List.of(program.getFileName().toString()));
        return DockerArchive.write(
                folder, TAG, "{\"Entrypoint\": [\"/pause\"], \"User\": \"65535\"}", List.of("layer.tar"));
    }
}
