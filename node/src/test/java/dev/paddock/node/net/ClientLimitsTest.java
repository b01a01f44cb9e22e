package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.paddock.node.front.FrontLimits;
import dev.paddock.node.front.Throttling;
import dev.paddock.node.session.ConnectionThrottling;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The bounds of the client port as a whole, over sockets. */
class ClientLimitsTest {
    private static final int BURST = 6_000;
    private static final ConnectionThrottling OFF = ConnectionThrottling.OFF;

    private static ClientLimits limits(int totalMax, int outstandingMax, int inProcessMax, ConnectionThrottling rules) {
        var throttling = new Throttling(outstandingMax, inProcessMax, 100, true, true, false, 0, -1, 1, rules);
        return new ClientLimits(0, totalMax, 16, true, throttling);
    }

    private static TestServer server(ClientLimits limits) throws IOException {
        return new TestServer(config -> TestServer.with(config, limits));
    }

    private static Request create(String path) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0);
    }

    @Test
    void allConnectionsTogetherHaveABound() throws Exception {
        try (TestServer server = server(limits(2, 1_000, 0, OFF));
                RawClient first = RawClient.withSession(server)) {
            try (RawClient second = RawClient.withSession(server);
                    var third = new RawClient(server)) {
                assertThat(third.isClosed()).isTrue();
                second.request(1, new Request.Exists("/", false));
                assertThat(second.reply().err()).isZero();
            }
            await().untilAsserted(() -> {
                try (var fourth = new RawClient(server)) {
                    fourth.connect(30_000, 0, new byte[16], Optional.of(false));
                    assertThat(fourth.connected().sessionId()).isNotZero();
                }
            });
            first.request(1, new Request.Exists("/", false));
            assertThat(first.reply().err()).isZero();
        }
    }

    @Test
    void whoFindsNoTokenIsClosedWithoutAWord() throws Exception {
        var twoForEver = new ConnectionThrottling(2, Integer.MAX_VALUE, 1, -1, 0, 0, 0, 1, 1);
        try (TestServer server = server(limits(0, 1_000, 0, twoForEver));
                RawClient first = RawClient.withSession(server);
                RawClient second = RawClient.withSession(server);
                var third = new RawClient(server)) {
            third.connect(30_000, 0, new byte[16], Optional.of(false));
            assertThat(third.isClosed()).isTrue();
            for (RawClient open : List.of(first, second)) {
                open.request(1, new Request.Exists("/", false));
                assertThat(open.reply().err()).isZero();
            }
        }
    }

    /** Whatever stops the reading for a while, the answers come all, in order, and each read sees the writes before it. */
    @ParameterizedTest
    @CsvSource({"1000, 0", "7, 0", "0, 0", "1000, 5", "3, 1"})
    void aBurstIsAnsweredInOrder(int outstandingMax, int inProcessMax) throws Exception {
        try (TestServer server = server(limits(0, outstandingMax, inProcessMax, OFF));
                RawClient client = RawClient.withSession(server)) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int xid = 1; xid <= BURST; xid++) client.request(xid, burst(xid));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int xid = 1; xid <= BURST; xid++) {
                ReplyHeader reply = client.reply();
                assertThat(reply.xid()).isEqualTo(xid);
                assertThat(reply.err()).as("reply %d", xid).isZero();
            }
            sender.join();
        }
    }

    /** A create, reads that need it, a sync, and a delete. */
    private static Request burst(int xid) {
        String path = "/b" + xid / 5;
        return switch (xid % 5) {
            case 0 -> create(path);
            case 1 -> xid == 1 ? new Request.Exists("/", false) : new Request.GetData(path, false);
            case 2 -> new Request.Sync("/");
            case 3 -> xid == 3 ? new Request.Exists("/", false) : new Request.Exists(path, true);
            default -> new Request.GetChildren("/", false);
        };
    }

    @Test
    void readsWaitForNobodyElsesWrites() throws Exception {
        try (TestServer server =
                        new TestServer(config -> TestServer.with(TestServer.with(config, limits(0, 10, 3, OFF)), 1));
                RawClient writer = RawClient.withSession(server);
                RawClient reader = RawClient.withSession(server)) {
            var held = new CountDownLatch(1);
            server.core.hold(held);
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    for (int xid = 1; xid <= BURST; xid++) writer.request(xid, create("/w" + xid));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            for (int xid = 1; xid <= 1_000; xid++) {
                reader.request(xid, new Request.GetData("/zookeeper", false));
                assertThat(reader.reply().xid()).isEqualTo(xid);
            }
            held.countDown();
            for (int xid = 1; xid <= BURST; xid++)
                assertThat(writer.reply().xid()).isEqualTo(xid);
            sender.join();
        }
    }

    @Test
    void theLogNamesWhatIsTooLong() throws Exception {
        var logger = (Logger) LoggerFactory.getLogger(ClientChannel.class);
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.WARN);
        logger.addAppender(seen);
        try (TestServer server = new TestServer(
                        config -> TestServer.with(config, FrontLimits.DEFAULT.withFrameBytesMax(2_000)));
                RawClient client = new RawClient(server)) {
            client.connect(30_000, 0, new byte[16], Optional.of(false));
            long session = client.connected().sessionId();
            client.request(1, new Request.SetData("/too/long", new byte[3_000], -1));
            assertThat(client.isClosed()).isTrue();
            await().until(() -> !seen.list.isEmpty());
            assertThat(seen.list.getFirst().getFormattedMessage())
                    .contains("127.0.0.1")
                    .contains("session 0x" + Long.toHexString(session))
                    .contains("setData of /too/long is 3029 bytes long")
                    .contains("jute.maxbuffer=2000");
        } finally {
            logger.setLevel(before);
            logger.detachAppender(seen);
        }
    }
}
