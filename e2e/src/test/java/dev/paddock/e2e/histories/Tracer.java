package dev.paddock.e2e.histories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Stands between a process and its system calls that force files, by {@code strace}. */
final class Tracer implements AutoCloseable {
    private static final String CALLS = "fsync,fdatasync";
    private static final String EIO = "error=EIO";
    private static final long PATIENCE_SECONDS = 20;
    private static final String LATE = "delay_enter=200000"; // us

    private final Process strace;
    private final Path said;

    private Tracer(long pid, String what, Path said) throws IOException {
        this.said = said;
        Files.deleteIfExists(said);
        this.strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-qq",
                        "-p",
                        "" + pid,
                        "-e",
                        "trace=" + CALLS,
                        "-e",
                        "inject=" + CALLS + ":" + what)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }

    /** Lets all forces fail. */
    static Tracer failing(long pid, Path said) throws IOException {
        return new Tracer(pid, EIO, said);
    }

    /** Lets all forces take a while longer. */
    static Tracer delaying(long pid, Path said) throws IOException {
        return new Tracer(pid, LATE, said);
    }

    /** Whether a call was meddled with. After the end. */
    boolean hasStruck() throws IOException {
        String calls = Files.readString(said);
        return calls.contains("(INJECTED)") || calls.contains("(DELAYED)");
    }

    /** Lets the process alone. */
    @Override
    public void close() {
        strace.destroy(); // not by force: it has to let go
        try {
            boolean isGone = strace.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!isGone) strace.destroyForcibly().waitFor(); // it may wait for ever for one that died meanwhile
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
