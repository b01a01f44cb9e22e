package dev.paddock.node.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever clients ask, and whenever the core commits and the network stalls: each client is answered in the order it
 * asked, sees its own writes and never an older state than before, and hears of a change before it sees it.
 */
class FrontendOrderProperties {
    private static final int CLIENTS = 3;
    private static final FrontLimits TIGHT = new FrontLimits(
            1_000, 1 << 20, 1 << 20, 300, 1 << 20, 0xfffff, 16_384, 9_000, 2, 1 << 10, 1 << 20, 1 << 20);

    /** What happens next. */
    enum Step {
        WRITE,
        READ,
        READ_AND_WATCH,
        SYNC,
        PING,
        COMMIT,
        STALL,
        FLOW
    }

    /** One step, and whose it is. */
    record Move(Step step, int client) {}

    @Provide
    Arbitrary<List<Move>> moves() {
        Arbitrary<Move> move = Arbitraries.of(Step.values())
                .flatMap(step -> Arbitraries.integers().between(0, CLIENTS - 1).map(client -> new Move(step, client)));
        return move.list().ofMaxSize(200);
    }

    @Property(tries = 500)
    void everySessionIsInOrder(@ForAll("moves") List<Move> moves) {
        var rig = new Rig(TIGHT);
        rig.createdElsewhere("/n");
        var sessions = new ArrayList<Session>();
        for (int i = 0; i < CLIENTS; i++) {
            sessions.add(new Session(rig));
        }
        for (Move move : moves) {
            sessions.get(move.client).step(move.step);
        }
        rig.commitAll();
        for (Session session : sessions) {
            session.step(Step.FLOW);
            rig.frontend.writable(session.client.connection, 0);
            session.verify();
        }
    }

    /** A client and what it is owed. The znode's version puts the states in an order. */
    private static final class Session {
        private final Rig rig;
        private final FakeClient client;
        private final List<Step> asked = new ArrayList<>(); // index + 1 is the xid

        Session(Rig rig) {
            this.rig = rig;
            this.client = rig.client();
        }

        void step(Step step) {
            switch (step) {
                case WRITE -> ask(step, Rig.set("/n", "x"));
                case READ -> ask(step, new Request.GetData("/n", false));
                case READ_AND_WATCH -> ask(step, new Request.GetData("/n", true));
                case SYNC -> ask(step, new Request.Sync("/n"));
                case PING -> ask(step, new Request.Ping());
                case COMMIT -> {
                    if (!rig.submissions.isEmpty()) {
                        rig.commitNext();
                    }
                }
                case STALL -> client.unsent = TIGHT.unsentBytesHigh() + 1L;
                case FLOW -> {
                    client.unsent = 0;
                    rig.frontend.writable(client.connection, 0);
                }
            }
        }

        private void ask(Step step, Request request) {
            asked.add(step);
            client.request(asked.size(), request);
        }

        void verify() {
            int answered = 0;
            long zxid = 0;
            int version = -1;
            boolean watching = false;
            for (FakeClient.Got got : client.got()) {
                assertThat(got.zxid()).isGreaterThanOrEqualTo(zxid);
                zxid = got.zxid();
                if (got.xid() == -1) {
                    assertThat(watching).as("an event without a watch").isTrue();
                    watching = false;
                    continue;
                }
                boolean isPing = asked.get(answered++) == Step.PING;
                assertThat(got.xid()).isEqualTo(isPing ? -2 : answered);
                assertThat(got.err()).isZero();
                int seen = version(asked.get(answered - 1), got);
                if (seen > version) {
                    assertThat(watching && version >= 0)
                            .as("a change before its event")
                            .isFalse();
                }
                version = Math.max(version, seen);
                watching |= asked.get(answered - 1) == Step.READ_AND_WATCH;
                assertThat(seen == -1 || seen >= version)
                        .as("an older state than before")
                        .isTrue();
            }
            assertThat(answered).isEqualTo(asked.size());
            assertThat(client.closed).isNull();
        }

        /** The version of the znode that an answer shows; -1 if it shows none. */
        private static int version(Step step, FakeClient.Got got) {
            return switch (step) {
                case WRITE ->
                    ((Response.SetData) got.as(OpCode.SET_DATA)).stat().version();
                case READ, READ_AND_WATCH ->
                    ((Response.GetData) got.as(OpCode.GET_DATA)).stat().version();
                default -> -1;
            };
        }
    }
}
