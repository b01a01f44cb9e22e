package dev.paddock.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask on and on without waiting for answers. */
class PipelineTest {
    private static final int DEEP = 6_000;
    private static final int WRITES = 2_000;
    private static final int READS = 500;
    private static final Step.Hello HELLO = new Step.Hello(0, 0, 100_000, Step.Password.RIGHT, 0);

    @TempDir
    Path folder;

    @Test
    @DisplayName("thousands of requests of all kinds at once are answered in order, as by Apache")
    void thousandsAtOnce() throws Exception {
        for (Arena arena : List.of(Arena.of(1), Arena.of(3))) {
            try (var duel = new Duel(arena, folder.resolve("servers-" + arena.size()))) {
                for (long seed = 0; seed < 3; seed++) {
                    List<Step> stream = Generator.pipeline(seed, arena, DEEP);
                    assertThat(duel.play(stream)).as(arena + ", seed " + seed).isEmpty();
                }
            }
        }
    }

    @Test
    @DisplayName("reads of other sessions do not wait for the writes of one that no quorum takes")
    void readsDoNotWaitForOthersWrites() throws Exception {
        Arena arena = Arena.of(3);
        try (var servers = new Ensemble(Ensemble.Kind.PADDOCK, arena, folder)) {
            for (List<Integer> stopped : List.of(List.of(1, 2), List.of(0))) {
                int serving = stopped.contains(0) ? 1 : 0;
                try (var writer = client(servers, serving);
                        var reader = client(servers, serving)) {
                    for (int member : stopped) servers.pause(member, true);
                    writer.sendOnly(writes("/at" + serving), 0);
                    for (int round = 0; round < 3; round++)
                        assertThat(answers(servers, reader, reads())).containsOnly(0);
                    assertThat(writer.hasNews())
                            .as("a write was answered without a quorum")
                            .isFalse();
                    for (int member : stopped) servers.pause(member, false);
                    List<Frame> heard = new ArrayList<>();
                    writer.hear(WRITES + 1, masks(servers), heard::add);
                    assertThat(heard).extracting(Frame::xid).containsExactlyElementsOf(xids());
                    assertThat(heard).extracting(Frame::err).containsOnly(0);
                } finally {
                    for (int member : stopped) servers.pause(member, false);
                }
            }
        }
    }

    private static Client client(Ensemble servers, int member) throws IOException {
        var client = new Client(servers.connect(member, null));
        client.hello(HELLO, 0, new byte[16], masks(servers), frame -> {});
        assertThat(client.sessionId).isNotZero();
        return client;
    }

    private static Masks masks(Ensemble servers) {
        return new Masks(servers, List.of(), 0);
    }

    /** And a read behind them, which does wait. */
    private static List<Ask> writes(String prefix) {
        List<Ask> asks = new ArrayList<>();
        for (int i = 1; i <= WRITES; i++) {
            asks.add(Ask.of(i, new Request.Create(prefix + "-" + i, new byte[0], Acl.OPEN_UNSAFE, 0)));
        }
        asks.add(Ask.of(WRITES + 1, new Request.GetData(prefix + "-" + WRITES, false)));
        return asks;
    }

    private static List<Integer> xids() {
        List<Integer> xids = new ArrayList<>();
        for (int xid = 1; xid <= WRITES + 1; xid++) xids.add(xid);
        return xids;
    }

    private static List<Ask> reads() {
        List<Ask> asks = new ArrayList<>();
        for (int i = 1; i <= READS; i++) {
            asks.add(Ask.of(i, i % 2 == 0 ? new Request.GetData("/", true) : new Request.GetChildren2("/", false)));
        }
        return asks;
    }

    /** The error of each answer. */
    private static List<Integer> answers(Ensemble servers, Client client, List<Ask> asks) throws IOException {
        List<Integer> errors = new ArrayList<>();
        client.sendOnly(asks, 0);
        client.hear(
                asks.size(), masks(servers), frame -> errors.add(frame.kind() == Frame.Kind.REPLY ? frame.err() : -1));
        assertThat(errors).hasSize(asks.size());
        return errors;
    }
}
