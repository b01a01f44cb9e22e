package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is slow is not gone: under full load, with long collections of garbage and slow disks, the leader stays the same, in the same
 * epoch, for much longer than it may be silent: that is 2 s. A collection is long that stops all of a server for 0.3 s.
 */
class SteadyLeaderTest {
    private static final int SCRIBES = 12;
    private static final Duration STRAINED =
            Duration.ofSeconds(Integer.getInteger("strain.seconds", Integer.getInteger("soak.strain", 7)));
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LATE_MILLIS = 700;
    private static final double LONG_MILLIS = 300;
    private static final double AIM_MILLIS = 600; // well below what a leader may be silent
    private static final int ZNODES_A_STEP = 100_000;
    private static final int ZNODES_MAX = 800_000;
    private static final Pattern FULL_COLLECTION = Pattern.compile("Pause Full .* ([0-9.]+)ms");

    @TempDir
    Path folder;

    @Test
    void staysUnderFullLoadAndLongCollections() throws Exception {
        try (var trio = Trio.ofSlowCollectors(folder);
                var scribes = new Scribes(trio, SCRIBES, 1, 2, 3)) {
            makeCollectionsLong(trio);
            List<String> before = trio.logs();
            try (var bulk = new Bulk(trio.clientPort(1), 300)) { // 30 MB, over and over
                bulk.start();
                staysTheSame(trio, scribes, () -> {
                    for (int sid = 1; sid <= Trio.SIZE; sid++)
                        collect(trio.process(sid).pid());
                });
                assertThat(bulk.written()).isPositive();
            }
            for (int sid = 1; sid <= Trio.SIZE; sid++) {
                double longest = longestMillis(
                        trio.log(sid).substring(before.get(sid - 1).length()));
                System.out.printf("longest collection of server %d: %.0f ms%n", sid, longest);
                assertThat(longest)
                        .as("void, since no collection of server %d was long", sid)
                        .isGreaterThanOrEqualTo(LONG_MILLIS);
            }
            scribes.finish();
        }
    }

    /** More and more is there, until a machine of this speed takes a while to look at all of it. */
    private static void makeCollectionsLong(Trio trio) throws IOException, InterruptedException {
        try (var ballast = new Ballast(trio.clients())) {
            for (int znodes = 0; znodes < ZNODES_MAX; znodes += ZNODES_A_STEP) {
                ballast.add(ZNODES_A_STEP);
                double millis = usualMillis(trio);
                System.out.printf("a collection with %,d znodes: %.0f ms%n", znodes + ZNODES_A_STEP, millis);
                if (millis >= AIM_MILLIS) return;
            }
        }
    }

    /** How long the server that is fastest at it takes: of three collections the one in the middle, as one alone may be long by chance. */
    private static double usualMillis(Trio trio) throws IOException, InterruptedException {
        double least = Double.MAX_VALUE;
        for (int sid = 1; sid <= Trio.SIZE; sid++) least = Math.min(least, usualMillis(trio, sid));
        return least;
    }

    private static double usualMillis(Trio trio, int sid) throws IOException, InterruptedException {
        double[] millis = new double[3];
        for (int i = 0; i < millis.length; i++) {
            String before = trio.log(sid);
            collect(trio.process(sid).pid());
            millis[i] = longestMillis(trio.log(sid).substring(before.length()));
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    /** The longest time that a process stood still for a full collection. */
    private static double longestMillis(String log) {
        return FULL_COLLECTION
                .matcher(log)
                .results()
                .mapToDouble(each -> Double.parseDouble(each.group(1)))
                .max()
                .orElse(0);
    }

    @Test
    void staysWhereDisksAreSlow() throws Exception {
        Installed.require("strace");
        try (var trio = new Trio(folder);
                var scribes = new Scribes(trio, SCRIBES, 1, 2, 3)) {
            var slow = new ArrayList<SlowForces>();
            try {
                for (int sid = 1; sid <= Trio.SIZE; sid++) {
                    slow.add(new SlowForces(trio.process(sid).pid(), LATE_MILLIS, folder.resolve("forces" + sid)));
                }
                staysTheSame(trio, scribes, () -> {});
                for (SlowForces each : slow) assertThat(each.count()).isPositive();
            } finally {
                slow.forEach(SlowForces::close);
            }
            scribes.finish();
        }
    }

    private interface Strain {
        void again() throws IOException, InterruptedException;
    }

    /** While scribes at all servers write and strain comes again and again. */
    private static void staysTheSame(Trio trio, Scribes scribes, Strain strain) throws IOException {
        int leader = trio.awaitLeader();
        scribes.awaitWrites(System.nanoTime());
        List<String> before = terms(trio);
        await().during(STRAINED).atMost(STRAINED.plus(PATIENCE)).until(() -> {
            strain.again();
            scribes.check();
            assertThat(terms(trio)).isEqualTo(before);
            return true;
        });
        scribes.awaitWrites(System.nanoTime());
        assertThat(terms(trio)).isEqualTo(before);
        assertThat(trio.awaitLeader()).isEqualTo(leader);
    }

    /** The epochs, and all that the servers have said about whom they follow. */
    private static List<String> terms(Trio trio) throws IOException {
        List<String> terms = new ArrayList<>();
        for (int sid = 1; sid <= Trio.SIZE; sid++) {
            terms.add(trio.epoch(sid));
            trio.log(sid)
                    .lines()
                    .filter(line -> line.contains("looking for a leader") || line.contains("was silent"))
                    .forEach(terms::add);
        }
        return terms;
    }

    private static void collect(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var collecting = new ProcessBuilder(jcmd, "" + pid, "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        assertThat(collecting.start().waitFor()).isZero();
    }
}
