package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.client.ConnectionListener.StateChange;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Stat;
import dev.paddock.wire.WatcherEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What servers and links do wrong, played by a script. */
final class FaultTest {
    private static final int TIMEOUT_MILLIS = 600;
    private static final int LONG_MILLIS = 60_000; // no keep-alive comes into the script
    private static final Stat STAT = new Stat(1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 1);
    private static final byte[] EMPTY = {};

    private final BlockingQueue<List<ScriptedServer.Received>> seen = new ArrayBlockingQueue<>(10);

    @Test
    void aCallUnderWayWhenTheLinkIsLostHasAnUnknownOutcomeAndIsNotSentAgain() throws Exception {
        try (var server = ScriptedServer.start(
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            seen.add(connection.read(1));
                        },
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            seen.add(connection.read(1));
                            ScriptedServer.silence(connection);
                        });
                var client = Client.builder(server.address()).start()) {
            assertThatThrownBy(() -> client.blocking().setData("/a", EMPTY, 0))
                    .isInstanceOfSatisfying(
                            ClientException.ConnectionLoss.class,
                            loss -> assertThat(loss.sent()).isTrue())
                    .hasMessage("connection lost before the answer to setData /a");
            var _ = client.sync("/b");
            assertThat(requests()).containsExactly(new Request.SetData("/a", EMPTY, 0));
            assertThat(requests()).containsExactly(new Request.Sync("/b"));
            var _ = client.detach();
        }
    }

    @Test
    void aSilentServerIsLeftBeforeTheSessionIsOver() throws Exception {
        int timeoutMillis = 3_000;
        Map<ConnectionState, StateChange> changes = new ConcurrentHashMap<>();
        try (var server = ScriptedServer.start(
                        connection -> {
                            connection.accept(timeoutMillis);
                            ScriptedServer.silence(connection);
                        },
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            ScriptedServer.silence(connection);
                        });
                var client = Client.builder(server.address())
                        .sessionTimeout(Duration.ofMillis(timeoutMillis))
                        .listener(change -> changes.put(change.state(), change))
                        .start()) {
            await().until(() -> changes.containsKey(ConnectionState.RECONNECTED));
            long deadline = changes.get(ConnectionState.CONNECTED).sessionDeadlineNanos();
            assertThat(deadline - changes.get(ConnectionState.RECONNECTED).atNanos())
                    .isPositive();
            var _ = client.detach();
        }
    }

    @Test
    void aServerThatHangsInTheHandshakeIsGivenUpForAnother() throws Exception {
        try (var hung = ScriptedServer.start(ScriptedServer::silence);
                var good = ScriptedServer.start(connection -> {
                    connection.accept(LONG_MILLIS);
                    ScriptedServer.silence(connection);
                });
                var client = Client.builder(hung.address() + "," + good.address())
                        .sessionTimeout(Duration.ofMillis(TIMEOUT_MILLIS))
                        .start()) {
            client.connected().get(30, TimeUnit.SECONDS);
            var _ = client.detach();
        }
    }

    @Test
    void onlyExchangesThroughTheLeaderMoveTheDeadline() throws Exception {
        try (var server = ScriptedServer.start(connection -> {
                    connection.accept(LONG_MILLIS);
                    connection.reply(connection.read(), 10, 0, STAT::write); // exists
                    connection.reply(connection.read(), 11, ErrorCode.BAD_VERSION.code(), _ -> {}); // setData
                    connection.reply(connection.read(), 12, 0, STAT::write); // setData
                    ScriptedServer.silence(connection);
                });
                var client = Client.builder(server.address()).start()) {
            client.connected().get(30, TimeUnit.SECONDS);
            long first = client.sessionDeadlineNanos();
            client.blocking().exists("/a").value();
            client.blocking().setData("/a", EMPTY, 0);
            assertThat(client.sessionDeadlineNanos()).isEqualTo(first);
            long before = System.nanoTime();
            client.blocking().setData("/a", EMPTY, 0).value();
            assertThat(client.sessionDeadlineNanos() - before - TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS))
                    .isNotNegative()
                    .isLessThan(System.nanoTime() - before);
            var _ = client.detach();
        }
    }

    @Test
    void anEventDoesNotHideOthersOfItsTransaction() throws Exception {
        var lastSeen = new CompletableFuture<Long>();
        Queue<WatchEvent> events = new ConcurrentLinkedQueue<>();
        try (var server = ScriptedServer.start(
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            connection.reply(connection.read(), 10, 0, STAT::write);
                            connection.event(WatcherEvent.NODE_DATA_CHANGED, "/a", 99);
                        },
                        connection -> {
                            lastSeen.complete(connection.accept(LONG_MILLIS).lastZxidSeen());
                            ScriptedServer.silence(connection);
                        });
                var client = Client.builder(server.address()).start()) {
            client.blocking().exists("/a", events::add).value();
            assertThat(lastSeen.get(30, TimeUnit.SECONDS)).isEqualTo(10);
            assertThat(events).containsExactly(new WatchEvent(WatchEvent.Kind.DATA_CHANGED, "/a", 99));
            var _ = client.detach();
        }
    }

    @Test
    void aNewLinkBeginsWithCredentialsThenWatchesThenCalls() throws Exception {
        try (var server = ScriptedServer.start(
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            connection.reply(connection.read(), 0, 0, _ -> {});
                            connection.reply(connection.read(), 10, 0, STAT::write);
                            seen.add(connection.read(1)); // has no answer, so the link ends after all others have
                        },
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            seen.add(connection.read(3));
                            ScriptedServer.silence(connection);
                        });
                var client = Client.builder(server.address()).start()) {
            client.addAuth("digest", new byte[] {1}).get(30, TimeUnit.SECONDS);
            client.blocking().exists("/a", _ -> {}).value();
            assertThatThrownBy(() -> client.blocking().exists("/b")).isInstanceOf(ClientException.ConnectionLoss.class);
            var _ = client.sync("/c");
            assertThat(requests()).hasSize(1);
            assertThat(requests())
                    .containsExactly(
                            new Request.Auth(0, "digest", new byte[] {1}),
                            new Request.SetWatches(10, List.of("/a"), List.of(), List.of()),
                            new Request.Sync("/c"));
            var _ = client.detach();
        }
    }

    @Test
    void manyWatchesAreSetAgainInFramesThatServersTake() throws Exception {
        int count = 5000;
        String prefix = "/" + "long".repeat(20);
        try (var server = ScriptedServer.start(
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            for (int i = 0; i < count; i++) {
                                connection.reply(connection.read(), 10, ErrorCode.NO_NODE.code(), _ -> {});
                            }
                        },
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            readSetWatches(connection, count);
                            ScriptedServer.silence(connection);
                        });
                var client = Client.builder(server.address()).start()) {
            for (int i = 0; i < count; i++) {
                var _ = client.exists(prefix + i, _ -> {});
            }
            var paths = new ArrayList<String>();
            for (ScriptedServer.Received received : seen.poll(10, TimeUnit.SECONDS)) {
                assertThat(received.header().xid()).isEqualTo(RequestHeader.SET_WATCHES_XID);
                paths.addAll(((Request.SetWatches) received.request()).existWatches());
            }
            assertThat(paths).hasSize(count).doesNotHaveDuplicates();
            var _ = client.detach();
        }
    }

    private void readSetWatches(ScriptedServer.Connection connection, int count) throws IOException {
        var all = new ArrayList<ScriptedServer.Received>();
        for (int paths = 0; paths < count; ) {
            ScriptedServer.Received next = connection.read();
            all.add(next);
            var request = (Request.SetWatches) next.request();
            paths += request.existWatches().size();
            assertThat(Call.frame(0, request)).hasSizeLessThan(128 * 1024 + 64);
        }
        seen.add(all);
    }

    @Test
    void anotherSessionThanTheOneAskedForIsNotTaken() throws Exception {
        try (var server = ScriptedServer.start(connection -> {
                    connection.frame();
                    connection.answer(LONG_MILLIS, 8);
                    ScriptedServer.silence(connection);
                });
                var client = Client.builder(server.address())
                        .session(new Session(9, new byte[16]))
                        .start()) {
            await().until(() -> client.state() == ConnectionState.EXPIRED);
        }
    }

    @Test
    void anAnswerAboveTheBoundFailsItsCallAndNamesTheBound() throws Exception {
        try (var server = ScriptedServer.start(
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            connection.reply(connection.read(), 1, 0, w -> w.writeBuffer(new byte[2000]));
                            ScriptedServer.silence(connection);
                        },
                        connection -> {
                            connection.accept(LONG_MILLIS);
                            ScriptedServer.silence(connection);
                        });
                var client =
                        Client.builder(server.address()).replyBytesMax(1000).start()) {
            assertThatThrownBy(() -> client.blocking().getData("/big"))
                    .isInstanceOf(ClientException.LimitExceeded.class)
                    .hasMessageContaining("getData /big")
                    .hasMessageContaining("replyBytesMax");
            await().until(() -> client.state() == ConnectionState.RECONNECTED);
            var _ = client.detach();
        }
    }

    @Test
    void anAnswerOutOfOrderEndsTheLink() throws Exception {
        try (var server = ScriptedServer.start(connection -> {
                    connection.accept(LONG_MILLIS);
                    List<ScriptedServer.Received> both = connection.read(2);
                    connection.reply(both.get(1), 1, 0, STAT::write);
                    ScriptedServer.silence(connection);
                });
                var client = Client.builder(server.address()).start()) {
            var first = client.exists("/a");
            var second = client.exists("/b");
            for (var call : List.of(first, second)) {
                assertThat(call)
                        .failsWithin(30, TimeUnit.SECONDS)
                        .withThrowableThat()
                        .withCauseInstanceOf(ClientException.ConnectionLoss.class);
            }
            var _ = client.detach();
        }
    }

    private List<Request> requests() throws InterruptedException {
        List<ScriptedServer.Received> next = seen.poll(5, TimeUnit.SECONDS);
        assertThat(next).as("requests within 5 s").isNotNull();
        return next.stream().map(ScriptedServer.Received::request).toList();
    }
}
