package dev.paddock.cli.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** Tells when one of the manifest files has another content. It looks each time it is asked: editors replace files. */
final class ManifestFiles {
    private final List<Path> files;
    private long seen;

    ManifestFiles(List<Path> files) {
        this.files = List.copyOf(files);
        this.seen = contents();
    }

    /** Whether a content has changed since the last call. */
    boolean changed() {
        long now = contents();
        boolean changed = now != seen;
        seen = now;
        return changed;
    }

    private long contents() {
        CRC32C sum = new CRC32C();
        for (Path file : files) {
            try {
                sum.update(Files.readAllBytes(file));
            } catch (IOException absent) {
                sum.update('?'); // being replaced, or gone: the reader will say so
            }
        }
        return sum.getValue();
    }
}
