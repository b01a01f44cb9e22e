package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The image of the container that holds a pod's namespaces: one static program. */
final class PauseImage {
    static final String TAG = "paddock.dev/pause:lab";

    private PauseImage() {}

    /** Makes a docker-archive in a folder that is empty. */
    static Path write(Path program, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path layer = folder.resolve("layer.tar");
        tar(layer, program.getParent(), program.getFileName().toString());
        Files.writeString(folder.resolve("config.json"), """
                {"architecture": "amd64", "os": "linux", "config": {"Entrypoint": ["/pause"], "User": "65535"},
                 "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}
                """.formatted(sha256(layer)));
        Files.writeString(folder.resolve("manifest.json"), """
                [{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]
                """.formatted(TAG));
        Path archive = folder.resolve("pause.tar");
        tar(archive, folder, "layer.tar", "config.json", "manifest.json");
        return archive;
    }

    private static void tar(Path archive, Path folder, String... names) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("tar", "-cf", archive.toString(), "-C", folder.toString()));
        words.addAll(List.of(names));
        Sandbox.run(words);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
