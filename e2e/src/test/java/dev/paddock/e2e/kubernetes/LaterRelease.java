package dev.paddock.e2e.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.operator.Release;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** What a later version would release: the same but for the version, which images have as their tag and the operator tells. */
final class LaterRelease {
    static final String VERSION = "9.0.0";

    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final Path FOLDER = ROOT.resolve("e2e/target/later-release");
    private static final String JAR = "opt/paddock/lib/paddock-operator-" + Release.VERSION + ".jar";
    private static final String TOLD = "dev/paddock/operator/release.properties";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LaterRelease() {}

    /** Lets pods have its node and its operator. */
    static void loadInto(Lab lab) throws IOException, InterruptedException {
        Images.loadInto(lab);
        lab.once("images of a later release", () -> {
            FileUtils.deleteDirectory(FOLDER.toFile());
            for (String name : List.of("node", "operator")) lab.load(image(name));
        });
    }

    /** Its chart. */
    static Path chart(Path folder) throws IOException, InterruptedException {
        Sandbox.run(List.of("cp", "-rL", ROOT.resolve("charts/paddock").toString(), folder.toString()));
        Path file = folder.resolve("Chart.yaml");
        Files.writeString(
                file, Files.readString(file).replace(Release.VERSION, VERSION)); // of the chart, and of the images
        return folder;
    }

    /** The image of this version with one more layer, which says another. */
    private static Path image(String name) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(FOLDER.resolve(name));
        Sandbox.run(List.of("tar", "-xf", Images.archive(name).toString(), "-C", folder.toString()));
        JsonNode manifest =
                JSON.readTree(folder.resolve("manifest.json").toFile()).get(0);
        JsonNode config =
                JSON.readTree(folder.resolve(manifest.get("Config").asText()).toFile());
        List<String> layers = new ArrayList<>();
        manifest.get("Layers").forEach(layer -> layers.add(layer.asText()));
        layers.add(version(folder, layers.getLast()));
        return DockerArchive.write(
                folder, "paddock/" + name + ":" + VERSION, config.get("config").toString(), layers);
    }

    private static String version(Path folder, String paddock) throws IOException, InterruptedException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Sandbox.run(List.of("tar", "-xf", folder.resolve(paddock).toString(), "-C", root.toString(), JAR));
        try (FileSystem jar = FileSystems.newFileSystem(root.resolve(JAR))) {
            Path told = jar.getPath(TOLD);
            Files.writeString(told, Files.readString(told).replace(Release.VERSION, VERSION));
        }
        DockerArchive.tar(folder.resolve("version.tar"), root, List.of(JAR));
        return "version.tar";
    }
}
