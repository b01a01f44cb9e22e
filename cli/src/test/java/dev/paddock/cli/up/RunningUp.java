package dev.paddock.cli.up;

import static org.awaitility.Awaitility.await;

import dev.paddock.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A {@code paddock up} in a process and process group of its own, as a terminal would start it. */
final class RunningUp implements AutoCloseable {
    private static final Duration STARTING_MAX = Duration.ofMinutes(2); // on a busy machine

    private final Process process;
    private final Path screen;
    private final List<ProcessHandle> all = new ArrayList<>();

    private RunningUp(Process process, Path screen) {
        this.process = process;
        this.screen = screen;
    }

    /** Starts it and waits until it is ready. */
    static RunningUp start(Path folder, Path manifest, int shift) throws IOException {
        Path screen = Files.createTempFile(folder, "screen", ".txt");
        Process process = new ProcessBuilder(
                        "setsid",
                        "env",
                        "--default-signal=INT", // the background of a script has Ctrl-C ignored, and children inherit
                        // that
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "up",
                        "--file=" + manifest,
                        "--state-dir=" + folder.resolve("state"),
                        "--port-shift=" + shift)
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile())
                .start();
        RunningUp up = new RunningUp(process, screen);
        up.awaitLine(line -> line.endsWith("Ctrl-C stops all of it."));
        process.descendants().forEach(up.all::add);
        return up;
    }

    List<String> lines() {
        try {
            return Files.readAllLines(screen);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    int count(Predicate<String> expected) {
        return (int) lines().stream().filter(expected).count();
    }

    void awaitLine(Predicate<String> expected) {
        awaitLines(1, expected);
    }

    void awaitLines(int count, Predicate<String> expected) {
        await().atMost(STARTING_MAX)
                .failFast("up ended: " + screen, () -> !process.isAlive())
                .until(() -> count(expected) >= count);
    }

    /** The servers and the sidecar, as they were when all was ready. */
    List<ProcessHandle> children() {
        return all;
    }

    /** What a terminal does on Ctrl-C: SIGINT to the whole process group. */
    void controlC() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start().waitFor();
    }

    void killOutright() {
        process.destroyForcibly();
    }

    int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
            throw new AssertionError("still running: " + lines());
        return process.exitValue();
    }

    void awaitNoChildren(Duration atMost) {
        await().atMost(atMost).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
