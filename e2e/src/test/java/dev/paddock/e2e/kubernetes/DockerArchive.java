package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Images as tars that containerd imports, made by {@code tar}. */
final class DockerArchive {
    private DockerArchive() {}

    /**
     * Makes {@code image.tar} in a folder.
     *
     * @param folder with the layers
     * @param config the object {@code config} of the image's configuration
     * @param layers their files' names, from the lowest up
     */
    static Path write(Path folder, String tag, String config, List<String> layers)
            throws IOException, InterruptedException {
        List<String> digests = new ArrayList<>();
        for (String layer : layers) digests.add("sha256:" + sha256(folder.resolve(layer)));
        Files.writeString(folder.resolve("config.json"), """
                {"architecture": "amd64", "os": "linux", "config": %s,
                 "rootfs": {"type": "layers", "diff_ids": %s}}
                """.formatted(config, strings(digests)));
        Files.writeString(folder.resolve("manifest.json"), """
                [{"Config": "config.json", "RepoTags": ["%s"], "Layers": %s}]
                """.formatted(tag, strings(layers)));
        List<String> all = new ArrayList<>(layers);
        all.addAll(List.of("config.json", "manifest.json"));
        Path archive = folder.resolve("image.tar");
        tar(archive, folder, all);
        return archive;
    }

    /** All of it belongs to root. */
    static void tar(Path archive, Path folder, List<String> names) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("tar", "--owner=0", "--group=0", "-cf", archive.toString(), "-C", folder.toString()));
        words.addAll(names);
        Sandbox.run(words);
    }

    private static String strings(List<String> values) {
        return values.stream().collect(Collectors.joining("\", \"", "[\"", "\"]"));
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
