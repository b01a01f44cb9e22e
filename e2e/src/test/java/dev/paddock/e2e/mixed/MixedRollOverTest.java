package dev.paddock.e2e.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Writers;
import dev.paddock.e2e.histories.Agreement;
import dev.paddock.e2e.histories.Cast;
import dev.paddock.e2e.histories.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zxids of epochs run out while clients write, under a leader of one kind with a follower of the other. */
class MixedRollOverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration SILENCE_MAX =
            Duration.ofSeconds(15); // some 3 s, but 11 s were seen on a busy machine
    private static final Pattern EPOCH = Pattern.compile("Zxid: 0x([0-9a-f]+)[0-9a-f]{8}\n");
    private static final int LEADER = 3;
    private static final List<Integer> SIDS = List.of(1, 2, 3);
    private static final int ZXIDS = 500; // of an epoch
    private static final int EPOCHS = 4;

    @TempDir
    Path folder;

    @Test
    void oursLeads() throws Exception {
        var cast = new Cast(3, Set.of(1, 2), Set.of());
        try (var servers = new Servers(cast, folder, List.of(2, LEADER), "zxidsPerEpoch=" + ZXIDS)) {
            Duration silence = goesThroughEpochs(servers, () -> leadsAgain(servers));
            assertThat(silence).isLessThan(SILENCE_MAX);
            assertThat(servers.saidSinceStart(LEADER).split("are used up: electing anew", -1))
                    .as("ends of epochs that server 3 led")
                    .hasSizeGreaterThan(2);
        }
    }

    /** Where another was faster, which has all the zxids that there are. */
    private static void leadsAgain(Servers servers) throws IOException, InterruptedException {
        int leader = servers.awaitLeader();
        if (leader == LEADER) return;
        servers.kill(leader);
        servers.start(leader);
    }

    /**
     * Each epoch begins near its end, by a setting that is there for tests only. Ours does not follow over that leap and comes anew, so
     * another of Apache's is with it, and what is sent is always a SNAP: a DIFF over the leap would be refused again and again.
     */
    @Test
    void apachesLeads() throws Exception {
        var cast = new Cast(3, Set.of(2, LEADER), Set.of());
        String[] settings = {"testingonly.initialZxid=" + (0xffff_ffffL - ZXIDS), "forceSnapshotSync=true"};
        try (var servers = new Servers(cast, folder, List.of(2, LEADER), settings)) {
            var _ = goesThroughEpochs(servers, () -> {});
            assertThat(servers.saidSinceStart(LEADER)).contains("zxid lower 32 bits have rolled over");
        }
    }

    private interface Meanwhile {
        void happens() throws IOException, InterruptedException;
    }

    /** The longest time in which no write was answered. */
    private static Duration goesThroughEpochs(Servers servers, Meanwhile meanwhile) throws Exception {
        servers.awaitServing(List.of(2, LEADER));
        assertThat(servers.awaitLeader()).isEqualTo(LEADER);
        servers.start(1);
        servers.awaitServing(SIDS);
        Duration silence;
        try (var writers = new Writers(servers.clients())) {
            long first = epoch(servers);
            await("some epochs").atMost(PATIENCE).until(() -> {
                meanwhile.happens();
                return epoch(servers) >= first + EPOCHS;
            });
            var acknowledged = writers.stop();
            System.out.println(writers.seen());
            for (int sid : SIDS)
                assertThat(Writers.missingAt(servers.client(sid), acknowledged))
                        .as("missing at server %d", sid)
                        .isEmpty();
            silence = writers.longestSilence();
        }
        Agreement.check(servers);
        return silence;
    }

    private static long epoch(Servers servers) {
        var epoch = EPOCH.matcher(servers.word(LEADER, "srvr"));
        return epoch.find() ? Long.parseLong(epoch.group(1), 16) : 0;
    }
}
