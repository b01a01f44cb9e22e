package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./paddock images}: what is in the images, and that it runs. */
class ImagesTest {
    private static final long BYTES_MAX = 80L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    private static List<Path> images = List.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void writeThem() throws Exception {
        PaddockUp.prepareOnce();
        images = write(shared);
    }

    private static List<Path> write(Path output) throws Exception {
        String paddock = PaddockUp.ROOT.resolve("paddock").toString();
        try (Command command = Command.start(output, paddock, "images", "--output", output.toString())) {
            assertThat(command.await(300)).as(command.text()).isZero();
        }
        try (Stream<Path> files = Files.list(output)) {
            return files.sorted().toList();
        }
    }

    private void run(String... words) throws Exception {
        try (Command command = Command.start(folder, words)) {
            assertThat(command.await(120)).as(command.text()).isZero();
        }
    }

    /** Unpacks the image's layers, and returns its configuration. */
    private JsonNode unpack(Path image, Path root) throws Exception {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        Files.createDirectories(root);
        run("tar", "-xf", image.toString(), "-C", parts.toString());
        JsonNode manifest =
                JSON.readTree(parts.resolve("manifest.json").toFile()).path(0);
        for (JsonNode layer : manifest.path("Layers")) {
            run("tar", "-xf", parts.resolve(layer.asText()).toString(), "-C", root.toString());
        }
        return JSON.readTree(parts.resolve(manifest.path("Config").asText()).toFile());
    }

    @Test
    void twiceTheSameBytesAndSmall() throws Exception {
        List<Path> second = write(folder);
        assertThat(images).hasSize(3);
        assertThat(second).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(second.get(i)).hasSameBinaryContentAs(images.get(i));
            assertThat(Files.size(images.get(i))).as(images.get(i).toString()).isLessThan(BYTES_MAX);
        }
    }

    @Test
    void runsAsNobodyInParticularWithNothingButItself() throws Exception {
        Path root = folder.resolve("root");
        for (Path image : images) {
            JsonNode config = unpack(image, root).path("config");
            assertThat(config.path("User").asText()).isEqualTo("1000:1000");
            assertThat(config.path("Entrypoint").path(0).asText()).isEqualTo("/opt/paddock/runtime/bin/java");
        }
        assertThat(shells(root)).isEmpty();
        assumeTrue(isRoot(), "only root may give a process another root folder");
        Files.createDirectories(root.resolve("proc"));
        String java = "/opt/paddock/runtime/bin/java @/opt/paddock/cli.args version";
        String start = "mount -t proc proc proc && exec chroot --userspec=1000:1000 . " + java;
        try (Command version =
                Command.start(root, "unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", start)) {
            assertThat(version.await(120)).as(version.text()).isZero();
            assertThat(version.text()).contains("paddock 0.1.0", "java 25");
        }
    }

    private static List<Path> shells(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(file -> file.getFileName().toString().matches("(ba|da)?sh|busybox"))
                    .toList();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }
}
