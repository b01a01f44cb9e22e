package dev.paddock.cli.up;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One process that {@code up} keeps running. Its output goes to a log; its standard input stays open as long as we live. */
final class Child {
    private static final Duration YOUNG = Duration.ofSeconds(30);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);
    private static final int LAST_WORDS_BYTES = 8192;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final Consumer<Child> whenEnded;
    private Process process;
    private long startedNanos;
    private int earlyDeaths; // in a row

    private Child(String name, List<String> command, Path log, Consumer<Child> whenEnded) throws IOException {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
        this.whenEnded = whenEnded;
        this.process = launch();
    }

    /**
     * Starts the process.
     *
     * @param name      for the user, such as "server 1"
     * @param whenEnded told on another thread when the process has ended, for whatever reason
     */
    static Child start(String name, List<String> command, Path log, Consumer<Child> whenEnded) throws IOException {
        return new Child(name, command, log, whenEnded);
    }

    private Process launch() throws IOException {
        startedNanos = System.nanoTime();
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var _ = started.onExit().thenRun(() -> whenEnded.accept(this));
        return started;
    }

    /** Starts it again after it has ended. */
    void restart() throws IOException {
        process = launch();
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of an ended process. */
    int exitCode() {
        return process.exitValue();
    }

    Path log() {
        return log;
    }

    /** How long to wait after an end: nothing after a long life, else 0.25 s, doubled each time, up to 10 s. */
    Duration pauseBeforeRestart() {
        boolean young = System.nanoTime() - startedNanos < YOUNG.toNanos();
        earlyDeaths = young ? earlyDeaths + 1 : 0;
        if (earlyDeaths == 0) return Duration.ZERO;
        Duration pause = Duration.ofMillis(250).multipliedBy(1L << Math.min(earlyDeaths - 1, 10));
        return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
    }

    /** The last line of the log that says something; empty if there is none. */
    String lastWords() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LAST_WORDS_BYTES));
            byte[] tail = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                    .reduce("", (before, line) -> line.strip());
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** Asks the process to end (SIGTERM). */
    void terminate() {
        process.destroy();
    }

    /** Waits for the end and kills the process when the time is over. True if it ended by itself. */
    boolean awaitEndOrKill(long deadlineNanos) {
        boolean ended = awaitEnd(deadlineNanos - System.nanoTime());
        if (!ended) {
            process.destroyForcibly();
            awaitEnd(TimeUnit.SECONDS.toNanos(1));
        }
        return ended;
    }

    private boolean awaitEnd(long nanos) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + Math.max(0, nanos);
        try {
            while (true) {
                try {
                    return process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException stopping) {
                    interrupted = true; // stopping is what we are doing
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
