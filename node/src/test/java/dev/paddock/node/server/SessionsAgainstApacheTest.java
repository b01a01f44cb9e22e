package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.session.SessionIds;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of sessions on the wire: the same is said to Apache ZooKeeper and to us, alone and as an ensemble of three, and
 * the same must come back.
 */
class SessionsAgainstApacheTest {
    private static final int LONG_MILLIS = 20_000;
    private static final int SHORT_MILLIS = 4_000;
    private static final int APACHES_MAX = 6; // times that one story is told
    private static final int TELLINGS_MAX = 3;

    @TempDir
    static Path folder;

    private static final Map<Integer, ApacheServers> APACHES = new LinkedHashMap<>();
    private static final Map<Integer, LocalEnsemble> OURS = new LinkedHashMap<>();

    /** One side of the comparison: ports by sid, and where to write down what was said. */
    private record Side(List<Integer> ports, List<String> said) {
        int port(int server) {
            return ports.get((server - 1) % ports.size());
        }

        SessionSocket open(int server) throws Exception {
            return SessionSocket.open(port(server), LONG_MILLIS, 0);
        }

        /** The leader first. */
        List<Integer> byRole() throws IOException {
            List<Integer> byRole = new ArrayList<>();
            for (int port : ports) {
                boolean leads = Words.ask(port, "srvr").contains("Mode: leader");
                byRole.add(leads ? 0 : byRole.size(), port);
            }
            return byRole;
        }

        void say(String what, String answer) {
            said.add(what + ": " + answer);
        }
    }

    private interface Story {
        void tell(Side side) throws Exception;
    }

    private static void same(int size, Story story) throws Exception {
        if (!OURS.containsKey(size)) start(size);
        alike(
                () -> told(size, APACHES.get(size)::clientPort, story),
                () -> told(size, OURS.get(size)::clientPort, story));
    }

    /** Told again where they differ: how far a server has come is a race on either side, and a real difference stays. */
    private static void alike(Callable<List<String>> theirs, Callable<List<String>> ours) throws Exception {
        List<String> expected = theirs.call();
        List<String> actual = ours.call();
        for (int telling = 2; !actual.equals(expected) && telling <= TELLINGS_MAX; telling++) {
            expected = theirs.call();
            actual = ours.call();
        }
        assertThat(expected).isNotEmpty();
        assertThat(actual).isEqualTo(expected);
    }

    private static List<String> told(int size, LongToIntFunction clientPort, Story story) throws Exception {
        var side = new Side(new ArrayList<>(), new ArrayList<>());
        for (long sid = 1; sid <= size; sid++) side.ports.add(clientPort.applyAsInt(sid));
        story.tell(side);
        return side.said;
    }

    /**
     * Told to servers of Apache's own for it, and to new ones if one of them stops meanwhile: in some of these stories its
     * followers lose a transaction now and then, and stop when they notice ("Committed proposal cached out of order").
     */
    private static List<String> toldToFreshApaches(Story story) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try (var apaches = new ApacheServers(Files.createTempDirectory(folder, "fresh"), 3)) {
                apaches.startAll();
                return told(3, apaches::clientPort, story);
            } catch (IOException e) {
                if (attempt == APACHES_MAX) throw e;
            }
        }
    }

    private static void start(int size) throws Exception {
        var apache = new ApacheServers(Files.createDirectories(folder.resolve("theirs" + size)), size);
        APACHES.put(size, apache);
        apache.startAll();
        var ours = new LocalEnsemble(Files.createDirectories(folder.resolve("ours" + size)), size);
        OURS.put(size, ours);
        ours.startAll();
        ours.awaitServing();
    }

    @AfterAll
    static void stop() {
        APACHES.values().forEach(ApacheServers::close);
        OURS.values().forEach(LocalEnsemble::close);
    }

    private static Request create(String path, int flags) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, flags);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void timeoutsAreNegotiated(int size) throws Exception {
        same(size, side -> {
            for (int asked : new int[] {Integer.MIN_VALUE, -1, 0, 1, 1_999, 2_000, 7_001, 20_000, 20_001, 0x7fffffff}) {
                try (var client = new SessionSocket(side.port(2))) {
                    client.connect(asked, 0, new byte[16]);
                    side.say("timeout " + asked, client.connected());
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void handshakesThatAreOutOfTheOrdinary(int size) throws Exception {
        same(size, side -> {
            for (int version : new int[] {1, -1, 0x7fffffff}) {
                first(
                        side,
                        "version " + version,
                        new ConnectRequest(version, 0, 9_000, 0, new byte[16], Optional.of(true)));
            }
            first(side, "of an old client", new ConnectRequest(0, 0, 9_000, 0, new byte[16], Optional.empty()));
            first(
                    side,
                    "ahead of us",
                    new ConnectRequest(0, Long.MAX_VALUE, 9_000, 0, new byte[16], Optional.of(false)));
            first(side, "negative zxid", new ConnectRequest(0, -1, 9_000, 0, new byte[16], Optional.of(false)));
            for (int bytes : new int[] {-1, 0, 15, 17, 5_000}) {
                byte[] password = bytes < 0 ? null : new byte[bytes];
                first(side, "password of " + bytes, new ConnectRequest(0, 0, 9_000, 0, password, Optional.of(false)));
            }
            long unknown = 0x0123_4567_89ab_cdefL;
            byte[] right = SessionIds.password(unknown);
            first(side, "unknown session", new ConnectRequest(0, 0, 9_000, unknown, right, Optional.of(false)));
            first(side, "the same, of old", new ConnectRequest(0, 0, 9_000, unknown, right, Optional.empty()));
            first(
                    side,
                    "negative session",
                    new ConnectRequest(0, 0, 9_000, -1, SessionIds.password(-1), Optional.of(false)));
        });
    }

    private static void first(Side side, String what, ConnectRequest request) throws Exception {
        try (var client = new SessionSocket(side.port(1))) {
            client.connect(request);
            side.say(what, client.connected());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void firstFramesThatAreNone(int size) throws Exception {
        var w = new Writer(64);
        new ConnectRequest(0, 0, 9_000, 0, new byte[16], Optional.of(true)).write(w);
        byte[] whole = w.toByteArray();
        same(size, side -> {
            for (int bytes = 0; bytes < whole.length; bytes += 3) {
                try (var client = new SessionSocket(side.port(1))) {
                    client.frame(java.util.Arrays.copyOf(whole, bytes));
                    side.say("cut at " + bytes, client.connected());
                }
            }
            try (var client = new SessionSocket(side.port(1))) {
                client.frame(java.util.Arrays.copyOf(whole, whole.length + 5));
                side.say("with more behind", client.connected());
            }
            for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x100000}) {
                try (var client = new SessionSocket(side.port(1))) {
                    var prefix = new Writer(4);
                    prefix.writeInt(length);
                    client.raw(prefix.toByteArray());
                    side.say("length " + length, client.connected());
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sessionsThatAreComeBackTo(int size) throws Exception {
        same(size, side -> {
            for (int at : new int[] {1, 2}) {
                long id;
                try (SessionSocket client = side.open(1)) {
                    id = client.sessionId;
                }
                byte[] right = SessionIds.password(id);
                byte[] wrong = SessionIds.password(id + 1);
                for (byte[] password :
                        new byte[][] {wrong, null, {}, java.util.Arrays.copyOf(right, 15), new byte[16]}) {
                    try (var client = new SessionSocket(side.port(at))) {
                        client.connect(9_000, id, password);
                        side.say("wrong password at " + at, client.connected());
                    }
                }
                for (int asked : new int[] {9_000, -1, 0x7fffffff}) {
                    try (var client = new SessionSocket(side.port(at))) {
                        client.connect(asked, id, right);
                        side.say("back at " + at + " for " + asked, client.connected());
                        side.say("the same session", Boolean.toString(client.sessionId == id));
                        side.say("a read", client.ask(new Request.Exists("/", false)));
                    }
                }
                try (SessionSocket client = SessionSocket.open(side.port(at), 9_000, id)) {
                    side.say("its end", client.ask(new Request.CloseSession()));
                    side.say("after it", client.rest());
                }
                try (SessionSocket upToDate = side.open(1)) { // it may not have heard of the end yet
                    upToDate.ask(new Request.Sync("/"));
                }
                try (var client = new SessionSocket(side.port(1))) {
                    client.connect(9_000, id, right);
                    side.say("back after the end", client.connected());
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aSecondHandshakeIsARequestThatIsNone(int size) throws Exception {
        same(size, side -> {
            try (SessionSocket client = side.open(1)) {
                client.connect(9_000, 0, new byte[16]);
                side.say("second handshake", client.rest());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sessionsThatMove(int size) throws Exception {
        same(size, side -> {
            String path = "/moved" + size;
            for (int to = 1; to <= size; to++) {
                try (SessionSocket old = side.open(1);
                        SessionSocket fresh = SessionSocket.open(side.port(to), 9_000, old.sessionId)) {
                    if (to == 1) {
                        side.say("the old connection", old.rest());
                    } else {
                        // Several, so that the late write has no xid of the new connection's: a server tells them apart
                        // by it.
                        for (int i = 0; i < 8; i++) side.say("a late read", old.ask(new Request.Exists("/", false)));
                        side.say("a late write", old.ask(create(path + "late", 0)));
                    }
                    side.say("nothing came of it", fresh.ask(new Request.Exists(path + "late", false)));
                    side.say("write", fresh.ask(create(path + to, 1)));
                    side.say("read", fresh.ask(new Request.Exists(path + to, false)));
                    side.say("end", fresh.ask(new Request.CloseSession()));
                    side.say("after it", fresh.rest());
                }
                try (SessionSocket other = side.open(3)) {
                    side.say("sync", other.ask(new Request.Sync("/")));
                    side.say("its ephemeral", other.ask(new Request.Exists(path + to, false)));
                }
            }
        });
    }

    /** What a connection is answered whose session has gone to another server, at the leader and at a follower. */
    @Test
    void connectionsThatAreLeftBehind() throws Exception {
        List<Request> asked = List.of(
                new Request.Exists("/", false),
                new Request.Ping(),
                new Request.Sync("/"),
                new Request.WhoAmI(),
                new Request.SetWatches(0, List.of(), List.of("/"), List.of()),
                new Request.Auth(0, "digest", "a:b".getBytes(StandardCharsets.UTF_8)),
                create("/left", 0),
                create("/left", 1),
                create("/left", 9),
                new Request.Delete("/left", -1),
                new Request.SetData("/", null, -1),
                new Request.SetAcl("/", Acl.OPEN_UNSAFE, -1),
                new Request.Multi(List.of(new Request.Check("/", -1))));
        Story story = side -> {
            for (boolean isLeader : new boolean[] {false, true}) {
                for (Request each : asked) {
                    List<Integer> ports = side.byRole();
                    int behind = ports.get(isLeader ? 0 : 1);
                    try (SessionSocket old = SessionSocket.open(behind, LONG_MILLIS, 0);
                            SessionSocket fresh = SessionSocket.open(ports.get(2), 9_000, old.sessionId)) {
                        String answer = old.ask(each);
                        // Of a read we do not promise that it is the first which is too late: our loops hear it by and
                        // by.
                        if (isLeader && isRead(each)) while (!answer.equals("closed")) answer = old.ask(each);
                        side.say((isLeader ? "leader " : "follower ") + each, answer);
                        fresh.send(new Request.Sync("/"));
                        side.say("the session", fresh.answer());
                        fresh.send(new Request.CloseSession());
                        side.say("its end", fresh.rest());
                    }
                }
            }
        };
        if (!OURS.containsKey(3)) start(3);
        alike(() -> toldToFreshApaches(story), () -> told(3, OURS.get(3)::clientPort, story));
    }

    private static boolean isRead(Request request) {
        return switch (request) {
            case Request.Exists exists -> true;
            case Request.Ping ping -> true;
            case Request.Sync sync -> true;
            case Request.WhoAmI who -> true;
            case Request.SetWatches set -> true;
            default -> false;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aSilentSessionEndsOnceForAll(int size) throws Exception {
        same(size, side -> {
            String path = "/silent" + size;
            try (SessionSocket watcher = side.open(2)) {
                long id;
                try (SessionSocket silent = SessionSocket.open(side.port(1), SHORT_MILLIS, 0)) {
                    id = silent.sessionId;
                    side.say("create", silent.ask(create(path, 1)));
                    side.say("sync", watcher.ask(new Request.Sync("/")));
                    side.say("watch", watcher.ask(new Request.AddWatch(path, 0)));
                }
                side.say("event", watcher.answer());
                side.say("gone", watcher.ask(new Request.Exists(path, false)));
                for (int at = 1; at <= size; at++) {
                    try (SessionSocket upToDate = side.open(at)) { // a server of Apache's that lags may just close
                        upToDate.ask(new Request.Sync("/"));
                    }
                    try (var late = new SessionSocket(side.port(at))) {
                        late.connect(SHORT_MILLIS, id, SessionIds.password(id));
                        side.say("too late at " + at, late.connected());
                    }
                }
                side.say("no second event", watcher.ask(new Request.Sync("/")));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void requestsThatAreTooLong(int size) throws Exception {
        same(size, side -> {
            try (SessionSocket client = side.open(2)) {
                side.say("a read", client.ask(new Request.Exists("/", false)));
                client.send(new Request.SetData("/", new byte[1_048_560], -1));
                side.say("over jute.maxbuffer", client.rest());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aBurstIsAnsweredInOrder(int size) throws Exception {
        same(size, side -> {
            try (SessionSocket client = side.open(2)) {
                int count = 3_000;
                Thread sender = Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < count; i++) {
                            client.send(
                                    i % 3 == 0
                                            ? create("/burst" + size + i, 0)
                                            : new Request.Exists("/burst" + size + i / 3 * 3, false));
                        }
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                for (int i = 0; i < count; i++) side.said.add(client.answer());
                sender.join();
            }
        });
    }
}
