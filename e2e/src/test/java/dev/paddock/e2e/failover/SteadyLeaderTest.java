package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is slow is not gone: under full load, with long collections of garbage and slow disks, the leader stays the same, in the same
 * epoch, for much longer than it may be silent: that is 2 s.
 */
class SteadyLeaderTest {
    private static final int SCRIBES = 12;
    private static final Duration STRAINED =
            Duration.ofSeconds(Integer.getInteger("strain.seconds", Integer.getInteger("soak.strain", 7)));
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LATE_MILLIS = 700;

    @TempDir
    Path folder;

    @Test
    void staysUnderFullLoadAndLongCollections() throws Exception {
        try (var trio = new Trio(folder);
                var scribes = new Scribes(trio, SCRIBES, 1, 2, 3)) {
            var collections = new AtomicInteger();
            try (var bulk = new Bulk(trio.clientPort(1), 300)) { // 30 MB of 256, and all is collected again and again
                bulk.start();
                staysTheSame(trio, scribes, () -> {
                    for (int sid = 1; sid <= Trio.SIZE; sid++)
                        collect(trio.process(sid).pid());
                    collections.incrementAndGet();
                });
                assertThat(bulk.written()).isPositive();
            }
            assertThat(collections.get()).isPositive();
            scribes.finish();
        }
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
