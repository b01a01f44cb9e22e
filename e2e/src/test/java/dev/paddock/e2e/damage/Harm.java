package dev.paddock.e2e.damage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What is done to a file of a server that is down. */
enum Harm {
    BLOCK_ZEROED {
        @Override
        void to(Path file, Path old) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            int at = middle(bytes) / BLOCK_BYTES * BLOCK_BYTES;
            Arrays.fill(bytes, at, Math.min(bytes.length, at + BLOCK_BYTES), (byte) 0);
            Files.write(file, bytes);
        }
    },
    BIT_FLIPPED {
        @Override
        void to(Path file, Path old) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            bytes[middle(bytes)] ^= 1;
            Files.write(file, bytes);
        }
    },
    TRUNCATED {
        @Override
        void to(Path file, Path old) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, middle(bytes)));
        }
    },
    OLD_COPY {
        @Override
        void to(Path file, Path old) throws IOException {
            Files.write(file, Files.readAllBytes(old));
        }
    },
    /** Each read of it fails from the next start on; a program that stands between the server and the system sees to that. */
    UNREADABLE {
        @Override
        void to(Path file, Path old) {}

        @Override
        boolean changesBytes() {
            return false;
        }
    },
    /** Last, since not each kind of file is there again at once. */
    DELETED {
        @Override
        void to(Path file, Path old) throws IOException {
            Files.delete(file);
        }
    };

    private static final int BLOCK_BYTES = 4096;

    /** @param old the same file as it was earlier, or one that was in its place then */
    abstract void to(Path file, Path old) throws IOException;

    /** Whether the file is another one afterwards, or gone. */
    boolean changesBytes() {
        return true;
    }

    /** In the middle of what is not the zeros that a file was made with. */
    private static int middle(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) end--;
        return end / 2;
    }
}
