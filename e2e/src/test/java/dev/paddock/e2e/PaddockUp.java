package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** {@code ./paddock up} as a process, on ports of its own. */
final class PaddockUp implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern SERVER = Pattern.compile("^\\s*server (\\d)\\s+(\\S+)\\s+(\\d+)\\s+(\\S+).*");
    // So that the quorum ports lie below those that Linux gives to diallers; the election ports cannot.
    private static final int SHIFT_MIN = 100;
    private static final int SHIFT_MAX = 3_800;

    private static boolean prepared;

    final int shift;
    private final Command command;

    private PaddockUp(Command command, int shift) {
        this.command = command;
        this.shift = shift;
    }

    /** The first call after a build prepares a fast start and says so; no test is to wait for that or to see it. */
    static synchronized void prepareOnce() throws IOException {
        if (prepared) return;
        try (Command version = Command.start(ROOT, ROOT.resolve("paddock").toString(), "--version")) {
            assertThat(version.await(300)).as(version.text()).isZero();
            prepared = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ./paddock was prepared", e);
        }
    }

    /** Starts it and returns at once. */
    static PaddockUp launch(Path stateDir, int shift, Path manifest) throws IOException {
        prepareOnce();
        Command command = Command.start(
                stateDir.getParent(),
                "env",
                "--default-signal=INT", // a test that runs in the background of a script would inherit that Ctrl-C is
                // ignored
                ROOT.resolve("paddock").toString(),
                "up",
                "--file=" + manifest,
                "--state-dir=" + stateDir,
                "--port-shift=" + shift);
        return new PaddockUp(command, shift);
    }

    /** Starts the quickstart and waits until it says what to try. */
    static PaddockUp start(Path stateDir) throws IOException {
        return start(stateDir, freeShift());
    }

    static PaddockUp start(Path stateDir, int shift) throws IOException {
        PaddockUp up = launch(stateDir, shift, ROOT.resolve("examples/quickstart.yaml"));
        up.awaitReady();
        return up;
    }

    void awaitReady() {
        await().atMost(PATIENCE).until(() -> {
            assertThat(command.isRunning()).as(command.text()).isTrue();
            return command.text().contains("/v1/locks/demo");
        });
    }

    Command command() {
        return command;
    }

    String api() {
        return "http://127.0.0.1:" + (2190 + shift);
    }

    String proxy() {
        return "127.0.0.1:" + (2181 + shift);
    }

    String server(int sid) {
        return "127.0.0.1:" + (21810 + shift + sid);
    }

    String connectString() {
        return server(1) + "," + server(2) + "," + server(3);
    }

    /** Process of a server, by the table; a server that was started anew since has another. */
    long pidInTable(int sid) {
        return row(sid, 3).map(Long::parseLong).orElseThrow();
    }

    /** The leader, as the table said. */
    int leaderInTable() {
        for (int sid = 1; sid <= 3; sid++) {
            if (row(sid, 4).filter(role -> role.startsWith("leader")).isPresent()) return sid;
        }
        throw new AssertionError("no leader in:\n" + command.text());
    }

    private Optional<String> row(int sid, int group) {
        for (String line : command.lines()) {
            Matcher m = SERVER.matcher(line);
            if (m.matches() && Integer.parseInt(m.group(1)) == sid) return Optional.of(m.group(group));
        }
        return Optional.empty();
    }

    List<ProcessHandle> descendants() {
        return command.handle().descendants().toList();
    }

    static void kill9(long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor();
    }

    /** Runs curl against the sidecar and returns what it printed. */
    String curl(String path, String... options) throws IOException, InterruptedException {
        try (Command curl = startCurl(path, options)) {
            curl.await(60);
            return curl.text();
        }
    }

    Command startCurl(String path, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("curl", "-sS", "-N"));
        words.addAll(List.of(options));
        words.add(api() + path);
        return Command.start(ROOT, words.toArray(String[]::new));
    }

    /** A shift at which nothing listens now. */
    static int freeShift() throws IOException {
        Random random = new Random();
        for (int attempt = 0; attempt < 100; attempt++) {
            int shift = random.nextInt(SHIFT_MIN, SHIFT_MAX);
            if (isFree(shift)) return shift;
        }
        throw new IOException("no free range of ports");
    }

    private static boolean isFree(int shift) {
        int[] ports = {2181, 2190, 2191, 21811, 21812, 21813, 28881, 28882, 28883, 38881, 38882, 38883};
        return IntStream.of(ports).allMatch(port -> FreePorts.isFree(port + shift));
    }

    /** Stops it as Ctrl-C does. */
    void stop() throws Exception {
        command.interrupt();
        assertThat(command.await(20)).as(command.text()).isZero();
    }

    @Override
    public void close() throws IOException {
        try {
            if (command.isRunning()) command.interrupt();
            command.await(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            command.close();
        }
    }
}
