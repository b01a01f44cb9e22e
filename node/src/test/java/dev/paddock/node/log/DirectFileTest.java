package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 4096, 4097, 262_144, 262_145, 1_000_000})
    void readsWhatWasWritten(int size) throws IOException {
        byte[] bytes = bytes(size);
        for (int step : new int[] {1 << 10, 100_000, 1 << 20}) {
            assertThat(readAll(DirectFile.open(written(bytes)), size, step)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3000, 4096, 262_144, 1 << 20, 4 << 20, 1L << 40})
    void readsWhateverTheBlocksAre(long blockSize) throws IOException {
        byte[] bytes = bytes(3_000_000);
        assertThat(readAll(DirectFile.open(written(bytes), blockSize), bytes.length, 100_000))
                .isEqualTo(bytes);
    }

    @Test
    void readsFromTheDisk() throws IOException {
        Path file = written(bytes(1 << 20));
        Path counters = Path.of("/proc/thread-self/io");
        assumeTrue(Files.isReadable(counters), "the system does not count what is read from disks");
        assumeTrue(!Files.getFileStore(file).type().equals("tmpfs"), "temporary files lie on no disk here");

        long before = readFromDisks(counters);
        readAll(DiskFolder.open(folder).read("file"), 1 << 20, 1 << 16);
        assertThat(readFromDisks(counters)).as("the system remembers it").isEqualTo(before);
        readAll(DiskFolder.open(folder).readForced("file"), 1 << 20, 1 << 16);
        assertThat(readFromDisks(counters)).isGreaterThanOrEqualTo(before + (1 << 20));
    }

    @Test
    void readsWhereNobodyGetsPastTheMemory() throws IOException {
        Path inMemory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(inMemory), "no file system in memory here");
        Path file = Files.createTempFile(inMemory, "paddock", "");
        try {
            Files.write(file, bytes(5000));
            assertThat(readAll(DirectFile.open(file), 5000, 999)).isEqualTo(bytes(5000));
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private Path written(byte[] bytes) throws IOException {
        Path file = folder.resolve("file");
        Files.deleteIfExists(file);
        try (StoredFile out = DiskFolder.open(folder).create("file")) {
            out.write(ByteBuffer.wrap(bytes), 0);
            out.force();
        }
        return file;
    }

    private static byte[] readAll(ReadableFile opened, int size, int step) throws IOException {
        try (opened) {
            assertThat(opened.size()).isEqualTo(size);
            ByteBuffer all = ByteBuffer.allocate(size + step);
            int count = 0;
            for (int at = 0; count >= 0; at += count) {
                all.limit(at + step).position(at);
                count = opened.read(all, at);
                assertThat(all.position()).isEqualTo(at + Math.max(0, count));
                assertThat(count).isNotZero();
            }
            return Arrays.copyOf(all.array(), all.position());
        }
    }

    private static long readFromDisks(Path counters) throws IOException {
        String line = Files.readAllLines(counters).stream()
                .filter(one -> one.startsWith("read_bytes: "))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.substring("read_bytes: ".length()));
    }
}
