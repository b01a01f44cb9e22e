package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.session.SessionIds;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Local sessions and reads without a quorum: three real servers of each kind, the same words to both. */
class LocalSessionsAgainstApacheTest {
    private static final int MILLIS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private static Request.Create create(String path, int flags) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, flags);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void localSessions(boolean upgrading) throws Exception {
        String[] settings = {
            "localSessionsEnabled=true", "localSessionsUpgradingEnabled=" + upgrading, "4lw.commands.whitelist=*"
        };
        List<String> theirs;
        try (var apache = new ApacheServers(Files.createDirectories(folder.resolve("theirs")), 3, settings)) {
            apache.startAll();
            theirs = lives(
                    apache.clientPort(apache.inState("leader")),
                    apache.clientPort(apache.inState("follower")),
                    upgrading);
        }
        assertThat(theirs.stream().anyMatch(line -> line.startsWith("ephemeral ") && line.endsWith("err -120")))
                .as("what Apache's servers say: %s", theirs)
                .isNotEqualTo(upgrading);
        try (var ours = new LocalEnsemble(Files.createDirectories(folder.resolve("ours")), 3, settings)) {
            ours.startAll();
            ours.awaitServing();
            assertThat(lives(
                            ours.clientPort(ours.inState("leader")),
                            ours.clientPort(ours.inState("follower")),
                            upgrading))
                    .isEqualTo(theirs);
        }
    }

    private static List<String> lives(int leader, int follower, boolean upgrading) throws IOException {
        var said = new ArrayList<String>();
        try (SessionSocket client = SessionSocket.open(follower, MILLIS, 0)) {
            said.addAll(Words.ask(follower, "mntr")
                    .lines()
                    .filter(line -> line.matches("zk_(global|local)_sessions\\t.*"))
                    .toList());
            said.add("end " + client.ask(new Request.CloseSession()));
        }
        said.addAll(life(leader, follower, "/l", upgrading));
        said.addAll(life(follower, leader, "/f", upgrading));
        return said;
    }

    private static List<String> life(int own, int other, String path, boolean upgrading) throws IOException {
        var said = new ArrayList<String>();
        long id;
        try (SessionSocket client = SessionSocket.open(own, MILLIS, 0)) {
            id = client.sessionId;
            said.add("create " + client.ask(create(path, 0)));
            said.add("read " + client.ask(new Request.Exists(path, true)));
            said.add("set " + client.ask(new Request.SetData(path, new byte[1], 0)));
            said.add("event " + client.answer());
            said.add("sync " + client.ask(new Request.Sync(path)));
            said.add("multi " + client.askMulti(create(path + "/a", 0), create(path + "/b", 0)));
        }
        try (SessionSocket client = SessionSocket.open(own, 9_000, id)) {
            said.add("back with its id: " + (client.sessionId == id));
            said.add("read " + client.ask(new Request.Exists(path, false)));
        }
        try (var client = new SessionSocket(other)) {
            client.connect(MILLIS, id, SessionIds.password(id));
            said.add("elsewhere " + client.connected());
        }
        try (SessionSocket client = SessionSocket.open(own, MILLIS, id)) {
            said.add("ephemeral in multi " + client.askMulti(create(path + "/c", 0), create(path + "/d", 1)));
            said.add("ephemeral " + client.ask(create(path + "/e", 1)));
            said.add("sequential ephemeral " + client.ask(create(path + "/s", 3)));
            said.add("plain " + client.ask(create(path + "/p", 0)));
            said.add("read " + client.ask(new Request.Exists(path + "/e", false)));
        }
        try (var client = new SessionSocket(other)) {
            client.connect(9_000, id, SessionIds.password(id));
            said.add("elsewhere then " + client.connected());
            if (upgrading) {
                said.add("sync " + client.ask(new Request.Sync("/")));
                said.add("its ephemeral " + client.ask(new Request.Exists(path + "/e", false)));
            }
        }
        try (SessionSocket client = SessionSocket.open(own, MILLIS, id)) {
            said.add("end " + client.ask(new Request.CloseSession()) + " " + client.rest());
        }
        try (var client = new SessionSocket(own)) {
            client.connect(MILLIS, id, SessionIds.password(id));
            said.add("after its end " + client.connected());
        }
        try (SessionSocket client = SessionSocket.open(own, MILLIS, 0)) {
            said.add("what is left " + client.ask(new Request.Exists(path + "/e", false)));
        }
        return said;
    }

    @Test
    void readsWithoutAQuorum() throws Exception {
        String[] settings = {
            "localSessionsEnabled=true", "localSessionsUpgradingEnabled=true", "4lw.commands.whitelist=*"
        };
        var theirs = new ArrayList<String>();
        try (var apache = new ApacheServers(Files.createDirectories(folder.resolve("theirs")), 3, settings)) {
            apache.options = new String[] {"-Dreadonlymode.enabled=true"};
            apache.startAll();
            long id = globalSession(apache.clientPort(1), theirs);
            apache.stop(2);
            apache.stop(3);
            SessionSocket reader = alone(apache.clientPort(1), id, theirs);
            apache.start(2);
            together(apache.clientPort(1), reader, theirs);
        }
        var said = new ArrayList<String>();
        String[] ourSettings = {settings[0], settings[1], settings[2], "readonlymode.enabled=true"};
        try (var ours = new LocalEnsemble(Files.createDirectories(folder.resolve("ours")), 3, ourSettings)) {
            ours.startAll();
            ours.awaitServing();
            long id = globalSession(ours.clientPort(1), said);
            ours.stop(2);
            ours.stop(3);
            SessionSocket reader = alone(ours.clientPort(1), id, said);
            ours.start(2);
            together(ours.clientPort(1), reader, said);
        }
        assertThat(theirs).anyMatch(line -> line.startsWith("write ") && line.endsWith("err -119"));
        assertThat(said).isEqualTo(theirs);
    }

    private static long globalSession(int port, List<String> said) throws IOException {
        try (SessionSocket client = SessionSocket.open(port, MILLIS, 0)) {
            said.add("create " + client.ask(create("/there", 0)));
            said.add("ephemeral " + client.ask(create("/mine", 1)));
            said.add("isro " + Words.ask(port, "isro"));
            return client.sessionId;
        }
    }

    private static void handshake(int port, String what, ConnectRequest request, List<String> said) throws IOException {
        try (var client = new SessionSocket(port)) {
            client.connect(request);
            said.add(what + " " + client.connected());
        }
    }

    private static SessionSocket alone(int port, long global, List<String> said) throws IOException {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Words.ask(port, "isro").equals("ro"));
        said.add(Words.ask(port, "srvr")
                .lines()
                .filter(line -> line.startsWith("Mode"))
                .toList()
                .toString());
        said.add(Words.ask(port, "srvr")
                .lines()
                .filter(line -> line.startsWith("READ"))
                .toList()
                .toString());
        byte[] none = new byte[16];
        byte[] right = SessionIds.password(global);
        handshake(port, "does not agree", new ConnectRequest(0, 0, MILLIS, 0, none, Optional.of(false)), said);
        handshake(port, "old client", new ConnectRequest(0, 0, MILLIS, 0, none, Optional.empty()), said);
        handshake(port, "ahead", new ConnectRequest(0, Long.MAX_VALUE, MILLIS, 0, none, Optional.of(true)), said);
        handshake(port, "global", new ConnectRequest(0, 0, MILLIS, global, right, Optional.of(true)), said);
        handshake(port, "global, wrong", new ConnectRequest(0, 0, MILLIS, global, none, Optional.of(true)), said);
        byte[] unknown = SessionIds.password(77);
        handshake(port, "unknown", new ConnectRequest(0, 0, MILLIS, 77, unknown, Optional.of(true)), said);

        var reader = new SessionSocket(port);
        reader.connect(new ConnectRequest(0, 0, MILLIS, 0, none, Optional.of(true)));
        said.add("agrees " + reader.connected());
        said.add("read " + reader.ask(new Request.GetData("/there", true)));
        said.add("write " + reader.ask(create("/x", 0)));
        said.add("ephemeral " + reader.ask(create("/x", 1)));
        said.add("set " + reader.ask(new Request.SetData("/there", none, -1)));
        said.add("delete " + reader.ask(new Request.Delete("/there", -1)));
        said.add("multi " + reader.askMulti(create("/x", 0)));
        said.add("sync " + reader.ask(new Request.Sync("/")));
        said.add("read " + reader.ask(new Request.Exists("/mine", false)));
        try (var other = new SessionSocket(port)) {
            other.connect(new ConnectRequest(0, 0, -1, 0, none, Optional.of(true)));
            said.add("another " + other.connected());
            said.add("end " + other.ask(new Request.CloseSession()) + " " + other.rest());
        }
        return reader;
    }

    private static void together(int port, SessionSocket reader, List<String> said) throws IOException {
        try (reader) {
            said.add("a quorum again: " + reader.rest());
        }
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Words.ask(port, "isro").equals("rw"));
        byte[] right = SessionIds.password(reader.sessionId);
        var back = new ConnectRequest(0, 0, MILLIS, reader.sessionId, right, Optional.of(true));
        handshake(port, "the reader's session", back, said);
        var fresh = new ConnectRequest(0, 0, MILLIS, 0, new byte[16], Optional.of(true));
        handshake(port, "a new one", fresh, said);
    }
}
