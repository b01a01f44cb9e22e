package dev.paddock.cli.images;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** One image as a tar that {@code docker load}, {@code ctr images import}, {@code podman load} and {@code skopeo} read. */
final class DockerArchive {
    private static final int PLAIN = 0644;

    private DockerArchive() {}

    /** Writes it whole or not at all. */
    static void write(Image image, String version, List<Layer> layers, Path file) throws IOException {
        byte[] configuration = image.configuration(version, layers);
        String configurationName = Sha256.of(configuration) + ".json";
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        try (Tar tar = new Tar(new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16))) {
            List<String> names = new ArrayList<>();
            for (Layer layer : layers) {
                String name = layer.sha256() + ".tar";
                tar.file(name, PLAIN, layer.file());
                names.add(name);
            }
            tar.file(configurationName, PLAIN, configuration);
            tar.file("manifest.json", PLAIN, Image.manifest(configurationName, image.tag(version), names));
        }
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
