package dev.paddock.e2e.histories;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** File systems that are soon full, each for one server. Owned by one thread. */
final class SmallDisks implements AutoCloseable {
    private static final String SIZE = "size=48m";
    private static final int BLOCK_BYTES = 4096;

    private final Deque<Path> mounted = new ArrayDeque<>();

    void mount(Path data) throws IOException, InterruptedException {
        Tool.run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", data.toString());
        mounted.push(data);
    }

    /** Somebody else takes whatever room is left. */
    static void fill(Path data) throws IOException {
        byte[] some = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(ofOthers(data))) {
            while (true) out.write(some);
        } catch (IOException e) {
            if (data.toFile().getUsableSpace() >= BLOCK_BYTES) throw e;
        }
    }

    /** Gives it back. */
    static void makeRoom(Path data) throws IOException {
        Files.delete(ofOthers(data));
    }

    private static Path ofOthers(Path data) {
        return data.resolve("of-others");
    }

    @Override
    public void close() {
        while (!mounted.isEmpty()) {
            Path data = mounted.pop();
            try {
                Tool.run("umount", data.toString());
            } catch (IOException e) {
                throw new IllegalStateException("a file system stays behind", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
