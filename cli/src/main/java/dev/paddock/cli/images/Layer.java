package dev.paddock.cli.images;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.HexFormat;

/**
 * A layer as a tar on disk.
 *
 * @param sha256 of its bytes, in hexadecimal
 */
record Layer(Path file, String sha256) {
    static Layer write(FileTree tree, Path file) throws IOException {
        var digest = Sha256.digest();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                Tar tar = new Tar(new DigestOutputStream(out, digest))) {
            tree.writeTo(tar);
        }
        return new Layer(file, HexFormat.of().formatHex(digest.digest()));
    }
}
