package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A follower stands still while the leader sends it a large snapshot: the others go on under the same leader, which gives it up without
 * having run out of memory; later it comes back and has everything.
 */
class StuckLearnerTest {
    private static final int ZNODES = 700; // 70 MB: the heap of 256 MiB has no room for it twice beside all else
    private static final int SCRIBES = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);
    private static final int ATTEMPTS = 5;

    @TempDir
    Path folder;

    @Test
    void aFollowerThatStopsAmidASnapshotHoldsUpNobody() throws Exception {
        try (var trio = new Trio(folder, "initLimit=4")) {
            int leader = trio.awaitLeader();
            int stuck = leader % Trio.SIZE + 1;
            int other = stuck % Trio.SIZE + 1;
            try (var scribes = new Scribes(trio, SCRIBES, leader, other)) {
                try (var bulk = new Bulk(trio.clientPort(leader), ZNODES)) {
                    bulk.start();
                    String epoch = trio.epoch(leader);
                    stopAmidSnapshot(trio, leader, stuck);
                    awaitGivenUp(trio, leader, stuck, scribes);
                    scribes.awaitWrites(System.nanoTime());
                    assertThat(bulk.written()).isPositive();
                    assertThat(trio.process(leader).isAlive()).isTrue();
                    assertThat(trio.awaitLeader()).isEqualTo(leader);
                    assertThat(trio.epoch(leader)).isEqualTo(epoch);
                    trio.signal(stuck, "CONT");
                    trio.awaitServing();
                }
                assertThat(trio.awaitLeader()).isEqualTo(leader);
                scribes.finish();
            }
        }
    }

    /** All write meanwhile. */
    private static void awaitGivenUp(Trio trio, int leader, int stuck, Scribes scribes) {
        long stopped = System.nanoTime();
        await().atMost(PATIENCE).until(() -> {
            scribes.awaitWrites(stopped);
            return trio.log(leader).contains("server " + stuck + " was silent for too long")
                    || trio.log(leader).contains("cutting its link");
        });
    }

    /** Starts it empty, and stops it where it stands while the leader sends; again, if it was too quick for that. */
    private static void stopAmidSnapshot(Trio trio, int leader, int stuck) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long before = sent(trio, leader, stuck);
            trio.empty(stuck);
            trio.start(stuck);
            await().pollDelay(Duration.ZERO)
                    .pollInterval(LOOK_EVERY)
                    .atMost(PATIENCE)
                    .until(() -> sent(trio, leader, stuck) > before);
            trio.signal(stuck, "STOP");
            if (!trio.hasSnapshot(stuck)) return; // it writes one when it has all of it
        }
        throw new AssertionError("it could not be stopped amid a snapshot");
    }

    private static long sent(Trio trio, int leader, int stuck) throws IOException {
        String sent = "server " + stuck + " at 0x0 gets a snapshot";
        return trio.log(leader).lines().filter(line -> line.contains(sent)).count();
    }
}
