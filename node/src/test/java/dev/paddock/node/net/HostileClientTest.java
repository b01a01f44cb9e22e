package dev.paddock.node.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.front.FrontLimits;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client port must bear. After each of these the server still serves. */
class HostileClientTest {
    private static final int SHORT_HANDSHAKE_MILLIS = 1_000; // for the tests; 9 s otherwise

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        FrontLimits d = FrontLimits.DEFAULT;
        var limits = new FrontLimits(
                d.queuedRequestsMax(),
                d.queuedBytesMax(),
                d.loopQueuedBytesMax(),
                d.unsentBytesHigh(),
                d.unsentBytesMax(),
                d.frameBytesMax(),
                d.handshakeBytesMax(),
                SHORT_HANDSHAKE_MILLIS,
                d.idsMax(),
                d.idBytesMax(),
                d.watchBytesMax(),
                d.loopWatchBytesMax());
        server = new TestServer(config -> TestServer.with(config, limits));
    }

    @AfterEach
    void stillServes() throws IOException {
        try (TestServer closing = server;
                RawClient client = RawClient.withSession(closing)) {
            client.request(1, new Request.Exists("/zookeeper", false));
            assertThat(client.reply().err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FF FF FF FF", // -1
                "80 00 00 00",
                "00 00 00 00",
                "7F FF FF FF",
                "00 00 40 01", // one more than a first frame may have
                "00 0F FF F0 00 00 00 00 00 00 00 00", // a megabyte claimed, eight bytes sent
                "16 03 01 02", // the ClientHello of TLS
                "47 45 54 20" // an HTTP request
            })
    void aFirstLengthThatCannotBeClosesTheConnection(String hex) throws IOException {
        try (var client = new RawClient(server)) {
            client.sendHex(hex);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF FF FF FF", "80 00 00 00", "00 00 00 00", "7F FF FF FF", "00 10 00 00", "77 63 68 70"})
    void aLaterLengthThatCannotBeClosesTheConnection(String hex) throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.sendHex(hex);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aFrameOfTheLargestLengthIsTaken() throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, OpCode.PING, new byte[FrontLimits.DEFAULT.frameBytesMax() - 8]);
            assertThat(client.reply().err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00 00", "00 00 00 2D 00 00"})
    void whoDoesNotFinishAHandshakeIsClosed(String hex) throws IOException {
        try (var client = new RawClient(server)) {
            client.sendHex(hex);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void claimedLengthsCostNothing() throws IOException {
        var clients = new ArrayList<RawClient>();
        for (int i = 0; i < 300; i++) {
            var client = new RawClient(server);
            client.sendHex("00 00 40 00 00 00 00 00 00 00 00 00");
            clients.add(client);
        }
        long before = usedBytes();
        for (RawClient client : clients) {
            assertThat(client.isClosed()).isTrue(); // after the time for a handshake
            client.close();
        }
        assertThat(usedBytes() - before).isLessThan(16 << 20);
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anyTimeoutIsNegotiated(int timeoutMillis) throws IOException {
        try (var client = new RawClient(server)) {
            client.connect(timeoutMillis, 0, null, Optional.empty());
            assertThat(client.connected().timeoutMillis()).isBetween(6_000, 60_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 15, 17, 15_000})
    void aPasswordOfAnyLengthIsRefused(int length) throws IOException {
        try (var client = new RawClient(server)) {
            client.connect(10_000, 0x100, length < 0 ? null : new byte[length], Optional.of(true));
            assertThat(client.connected().sessionId()).isZero();
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aSecondConnectRequestClosesTheConnection() throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.connect(10_000, 0, new byte[16], Optional.of(false));
            assertThat(client.reply()).isEqualTo(new ReplyHeader(0, -1, ErrorCode.UNIMPLEMENTED.code()));
            assertThat(client.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.NOTIFICATION,
                OpCode.CHECK,
                OpCode.CREATE_SESSION,
                OpCode.ERROR,
                OpCode.GET_CHILDREN_PAGE,
                99,
                Integer.MIN_VALUE
            })
    void anOperationThatIsNoneIsAnsweredAndClosesTheConnection(int type) throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.request(7, type, new byte[4]);
            assertThat(client.reply()).isEqualTo(new ReplyHeader(7, -1, ErrorCode.UNIMPLEMENTED.code()));
            assertThat(client.isClosed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.CREATE,
                OpCode.DELETE,
                OpCode.EXISTS,
                OpCode.GET_DATA,
                OpCode.SET_DATA,
                OpCode.GET_ACL,
                OpCode.SET_ACL,
                OpCode.GET_CHILDREN,
                OpCode.SYNC,
                OpCode.GET_CHILDREN2,
                OpCode.MULTI,
                OpCode.CREATE2,
                OpCode.CHECK_WATCHES,
                OpCode.REMOVE_WATCHES,
                OpCode.MULTI_READ,
                OpCode.SET_WATCHES,
                OpCode.SET_WATCHES2,
                OpCode.GET_ALL_CHILDREN_NUMBER,
                OpCode.ADD_WATCH
            })
    void malformedBodiesAreMarshallingErrors(int type) throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, type, new byte[0]);
            client.request(2, type, new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFE}); // length -2
            client.request(3, type, new byte[] {0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
            client.request(4, type, new byte[] {0, 0, 0});
            for (int xid = 1; xid <= 4; xid++) {
                ReplyHeader reply = client.reply();
                assertThat(reply.xid()).isEqualTo(xid);
                assertThat(reply.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C0 AF", "FF", "ED A0 80", "2F C3"})
    void aPathThatIsNoTextIsNowhere(String hex) throws IOException {
        byte[] path = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        var w = new Writer(16);
        w.writeBuffer(path);
        w.writeBool(true);
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, OpCode.GET_DATA, w.toByteArray());
            assertThat(client.reply().err()).isIn(ErrorCode.NO_NODE.code(), ErrorCode.MARSHALLING_ERROR.code());
            client.request(2, OpCode.GET_ACL, w.toByteArray());
            assertThat(client.reply().err()).isIn(ErrorCode.NO_NODE.code(), ErrorCode.MARSHALLING_ERROR.code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "//", "/a/", "/a/../b", "/a/.", "/\u0001", "/\uf8ff", "a"})
    void aPathThatCannotBeIsRefused(String path) throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0));
            assertThat(client.reply().err()).isIn(ErrorCode.BAD_ARGUMENTS.code(), ErrorCode.NO_NODE.code());
            client.request(2, new Request.Exists(path, true));
            boolean isRoot = path.isEmpty(); // to Apache ZooKeeper's reads
            assertThat(client.reply().err()).isEqualTo(isRoot ? 0 : ErrorCode.NO_NODE.code());
        }
    }

    @Test
    void pathsOfAnyLengthAndDepthAreBorne() throws IOException {
        String deep = "/a".repeat(100_000);
        String wide = "/" + "n".repeat(1_000_000);
        try (RawClient client = RawClient.withSession(server)) {
            for (String path : List.of(deep, wide)) {
                client.request(1, new Request.Exists(path, true));
                assertThat(client.reply().err()).isEqualTo(ErrorCode.NO_NODE.code());
            }
            client.request(2, new Request.Create(deep, null, Acl.OPEN_UNSAFE, 0));
            assertThat(client.reply().err()).isEqualTo(ErrorCode.NO_NODE.code());
        }
    }

    @Test
    void illegalAclsAreRefused() throws IOException {
        List<List<Acl>> illegal = List.of(
                List.of(),
                List.of(new Acl(Perms.ALL, new Id("nobody", "x"))),
                List.of(new Acl(Perms.ALL, new Id("auth", ""))),
                List.of(new Acl(Perms.ALL, new Id("ip", "10.0.0.0/33"))));
        try (RawClient client = RawClient.withSession(server)) {
            for (List<Acl> acl : illegal) {
                client.request(1, new Request.Create("/acl", null, acl, 0));
                assertThat(client.reply().err()).isEqualTo(ErrorCode.INVALID_ACL.code());
            }
        }
    }

    @Test
    void reusedXidsAreAnsweredInOrder() throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            for (int i = 0; i < 100; i++) {
                client.request(5, new Request.Create("/x" + i, null, Acl.OPEN_UNSAFE, 0));
                client.request(5, new Request.Exists("/x" + i, false));
            }
            for (int i = 0; i < 200; i++) {
                ReplyHeader reply = client.reply();
                assertThat(reply.xid()).isEqualTo(5);
                assertThat(reply.err()).isZero();
            }
        }
    }

    @Test
    void nothingIsAnsweredAfterCloseSession() throws IOException {
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, new Request.CloseSession());
            client.request(2, new Request.Exists("/", false));
            assertThat(client.reply().xid()).isEqualTo(1);
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whoAsksAndNeverListensIsNotReadFromForEver() throws Exception {
        byte[] data = new byte[500_000];
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, new Request.Create("/big", data, Acl.OPEN_UNSAFE, 0));
            client.reply();
            var w = new Writer(64);
            for (int i = 0; i < 2_000; i++) {
                w.writeInt(8 + 4 + 4 + 1);
                w.writeInt(i);
                w.writeInt(OpCode.GET_DATA);
                w.writeString("/big");
                w.writeBool(false);
            }
            client.send(w.toByteArray()); // a gigabyte of answers
            var stats = server.port;
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> stats.stats(true).toCompletableFuture().get().connections().stream()
                            .anyMatch(c -> !c.isReading()));
            assertThat(stats.stats(false).toCompletableFuture().get().total().packetsSent())
                    .isLessThan(100);
            for (int i = 0; i < 2_000; i++) {
                assertThat(client.body()).hasSizeGreaterThan(data.length);
            }
        }
    }

    /** Two thousand walks through ten thousand znodes, in one segment; the other client shares the only loop. */
    @Test
    void whoAsksForMuchDoesNotKeepOthersWaiting() throws Exception {
        try (var single = new TestServer(config -> TestServer.with(config, 1));
                RawClient greedy = RawClient.withSession(single);
                RawClient modest = RawClient.withSession(single)) {
            greedy.request(1, new Request.Create("/a", null, Acl.OPEN_UNSAFE, 0));
            for (int i = 0; i < 10_000; i++) {
                greedy.request(1, new Request.Create("/a/" + i, null, Acl.OPEN_UNSAFE, 0));
            }
            for (int i = 0; i <= 10_000; i++) {
                greedy.reply();
            }
            int asked = 2_000;
            var w = new Writer(64);
            for (int i = 0; i < asked; i++) {
                w.writeInt(8 + 4 + 2);
                w.writeInt(i);
                w.writeInt(OpCode.GET_ALL_CHILDREN_NUMBER);
                w.writeString("/a");
            }
            greedy.send(w.toByteArray());
            greedy.reply();
            modest.request(1, new Request.Ping());
            assertThat(modest.reply().err()).isZero();
            assertThat(answered(single)).isLessThan(10_001 + asked);
            for (int i = 1; i < asked; i++) {
                assertThat(greedy.reply().xid()).isEqualTo(i);
            }
        }
    }

    private static long answered(TestServer server) throws Exception {
        return server.port.stats(false).toCompletableFuture().get().total().answered();
    }

    @Test
    void aWordSplitOverSegmentsIsAWord() throws Exception {
        try (var client = new RawClient(server)) {
            for (byte b : "ruok".getBytes(UTF_8)) {
                client.send(b);
            }
            assertThat(client.text()).isEqualTo("imok");
        }
    }

    @Test
    void oneAddressHasSoManyConnections() throws IOException {
        try (var limited = new TestServer(config -> TestServer.with(config, 3, word -> true))) {
            try (var a = RawClient.withSession(limited);
                    var b = RawClient.withSession(limited);
                    var c = RawClient.withSession(limited);
                    var d = new RawClient(limited)) {
                assertThat(d.isClosed()).isTrue();
                a.request(1, new Request.Ping());
                b.request(1, new Request.Ping());
                assertThat(List.of(a.reply().err(), b.reply().err())).containsOnly(0);
                c.hangUp();
                await().until(() -> isServed(limited));
            }
        }
    }

    private static boolean isServed(TestServer limited) {
        try (RawClient client = RawClient.withSession(limited)) {
            client.request(1, new Request.Ping());
            return client.reply().err() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, Integer.MAX_VALUE})
    void anotherProtocolVersionIsAnsweredWithOurs(int version) throws IOException {
        var w = new Writer(64);
        w.writeInt(version);
        w.writeLong(0);
        w.writeInt(10_000);
        w.writeLong(0);
        w.writeBuffer(new byte[16]);
        try (var client = new RawClient(server)) {
            client.frame(w.toByteArray());
            assertThat(client.connected().sessionId()).isNotZero();
        }
    }

    @Test
    void bytesAfterARequestAreNoConcern() throws IOException {
        var w = new Writer(64);
        new Request.Exists("/zookeeper", false).write(w);
        w.raw(new byte[1000], 0, 1000);
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, OpCode.EXISTS, w.toByteArray());
            assertThat(client.reply().err()).isZero();
        }
    }

    /** Sub-operations of these types, in turn; no end marker. */
    @ParameterizedTest
    @ValueSource(ints = {OpCode.MULTI, OpCode.MULTI_READ, OpCode.ERROR, OpCode.CLOSE_SESSION, 99})
    void whatCannotBePartOfAMultiIsRefused(int type) throws IOException {
        var w = new Writer(64);
        for (int i = 0; i < 3; i++) {
            w.writeInt(type);
            w.writeBool(false);
            w.writeInt(-1);
        }
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, OpCode.MULTI, w.toByteArray());
            assertThat(client.reply().err()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        }
    }

    @Test
    void aMultiOfAHundredThousandIsOneRequest() throws IOException {
        var w = new Writer(1 << 20);
        int asked = 0;
        while (asked < 100_000 && w.length() < FrontLimits.DEFAULT.frameBytesMax() - 100) {
            w.writeInt(OpCode.DELETE);
            w.writeBool(false);
            w.writeInt(-1);
            w.writeString("");
            w.writeInt(-1);
            asked++;
        }
        w.writeInt(-1);
        w.writeBool(true);
        w.writeInt(-1);
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, OpCode.MULTI, w.toByteArray());
            ReplyHeader reply = client.reply();
            assertThat(reply.xid()).isEqualTo(1);
        }
    }

    @Test
    void aListOfThousandsOfAclsIsAnswered() throws IOException {
        List<Acl> many = java.util.Collections.nCopies(30_000, new Acl(Perms.ALL, new Id("world", "anyone")));
        try (RawClient client = RawClient.withSession(server)) {
            client.request(1, new Request.Create("/many", null, many, 0));
            assertThat(client.reply().xid()).isEqualTo(1);
        }
    }
}
