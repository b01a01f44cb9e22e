package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.front.LoopStats;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Hundreds of connections of two loops are closed in batches, by a clock that moves only while it is waited. */
class ClientPortLeaveTest {
    private static final int CLIENTS = 300;
    private static final int WRITERS = 20;
    private static final int BATCHES = 6; // of 50 on average

    private static LoopStats total(TestServer server) {
        return server.port.stats(false).toCompletableFuture().join().total();
    }

    /** Lets the core answer when nobody else is there any more, and goes on when it has. */
    private static final class Watch implements Departure.Time {
        private final TestServer server;
        private final CountDownLatch core;
        final List<Long> left = new ArrayList<>();
        private long nowMillis;

        Watch(TestServer server, CountDownLatch core) {
            this.server = server;
            this.core = core;
        }

        @Override
        public long nowMillis() {
            return nowMillis;
        }

        @Override
        public void pass(long millis) {
            nowMillis += millis;
            left.add((long) total(server).connections());
            if (left.getLast() > WRITERS) return;
            core.countDown();
            await().until(() -> total(server).outstanding() == 0);
        }
    }

    @Test
    void theyLeaveInBatchesAndWhoWaitsIsAnsweredFirst() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        List<ConnectResponse> sessions = new ArrayList<>();
        try (var server = new TestServer()) {
            for (int i = 0; i < CLIENTS; i++) {
                var client = new RawClient(server);
                client.connect(30_000, 0, new byte[16], Optional.of(false));
                sessions.add(client.connected());
                clients.add(client);
            }
            var core = new CountDownLatch(1);
            server.core.hold(core);
            for (int i = 0; i < WRITERS; i++) {
                clients.get(i).request(1, new Request.Create("/n" + i, new byte[0], Acl.OPEN_UNSAFE, 0));
            }
            await().until(() -> total(server).outstanding() == WRITERS);
            var watch = new Watch(server, core);
            assertThat(server.port.leave(60_000, watch)).isZero();

            assertThat(watch.left).hasSize(BATCHES).endsWith((long) WRITERS);
            long before = CLIENTS;
            for (long left : watch.left) {
                assertThat(before - left).isBetween(CLIENTS / BATCHES - 20L, CLIENTS / BATCHES + 2L);
                before = left;
            }
            for (int i = 0; i < WRITERS; i++)
                assertThat(clients.get(i).reply().err()).isZero();
            for (RawClient client : clients) assertThat(client.isClosed()).isTrue();
            for (ConnectResponse session : List.of(sessions.getFirst(), sessions.getLast())) {
                try (var again = new RawClient(server)) {
                    again.connect(30_000, session.sessionId(), session.password(), Optional.of(false));
                    assertThat(again.connected().sessionId()).isEqualTo(session.sessionId());
                }
            }
        } finally {
            for (RawClient client : clients) client.close();
        }
    }
}
