package dev.paddock.e2e.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Makes the disk of a process slow: each force takes so much longer, by {@code strace}. */
final class SlowForces implements AutoCloseable {
    private static final int LET_GO_SECONDS_MAX = 20;

    private final Process strace;
    private final Path said;

    SlowForces(long pid, int millis, Path said) throws IOException {
        this.said = said;
        String calls = "fsync,fdatasync";
        String late = "inject=" + calls + ":delay_enter=" + TimeUnit.MILLISECONDS.toMicros(millis);
        this.strace = new ProcessBuilder("strace", "-f", "-qq", "-p", "" + pid, "-e", "trace=" + calls, "-e", late)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    /** How many forces were late so far. */
    long count() throws IOException {
        try (var lines = Files.lines(said)) {
            return lines.filter(line -> line.contains("(DELAYED)")).count();
        }
    }

    @Override
    public void close() {
        strace.destroy(); // not by force: it has to let go of the process
        try {
            if (!strace.waitFor(LET_GO_SECONDS_MAX, TimeUnit.SECONDS)) strace.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
