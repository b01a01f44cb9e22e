package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same seed is the same run, event for event, whatever ran before it, beside it, or in another process. */
class TraceHashTest {
    private static final int SEEDS = 30;
    private static Map<Long, String> hashes = Map.of();

    /** Another process: prints what a few seeds come to. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] args) {
            hashes(LongStream.range(0, SEEDS)).forEach((seed, hash) -> System.out.println(seed + " " + hash));
        }
    }

    private static String hash(long seed) {
        Simulation sim = SimulationTest.ordeal(seed).run().sim;
        return sim.hash + " of " + sim.hash.events();
    }

    private static Map<Long, String> hashes(LongStream seeds) {
        Map<Long, String> all = new TreeMap<>();
        seeds.forEach(seed -> all.put(seed, hash(seed)));
        return all;
    }

    @BeforeAll
    static void run() {
        hashes = hashes(LongStream.range(0, SEEDS));
    }

    @Test
    void isAnotherForEachSeed() {
        assertThat(hashes.values()).doesNotHaveDuplicates();
    }

    @Test
    void isTheSameInAnyOrderAndBesideOthers() throws InterruptedException, ExecutionException {
        Callable<Map<Long, String>> backwards =
                () -> hashes(LongStream.range(0, SEEDS).map(i -> SEEDS - 1 - i));
        FutureTask<Map<Long, String>> beside = new FutureTask<>(backwards);
        Thread.ofPlatform().start(beside);
        assertThat(hashes(LongStream.range(0, SEEDS))).isEqualTo(hashes);
        assertThat(beside.get()).isEqualTo(hashes);
    }

    /** Where {@code Set.of} has another order, and all objects have one identity hash code. */
    @Test
    void isTheSameInAnotherProcess() throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=2",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OtherProcess.class.getName());
        Process other = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed.lines().collect(Collectors.toList()))
                .containsExactlyElementsOf(hashes.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .toList());
    }
}
