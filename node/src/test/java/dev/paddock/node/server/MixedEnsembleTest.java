package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.members.Members;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of Apache's servers and two of ours in one ensemble, whose members change: it leads first where its sid is the largest. */
class MixedEnsembleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;
    private static final Pattern ZXID = Pattern.compile("Zxid: 0x([0-9a-f]+)\n");

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    private LocalEnsemble ensemble;

    private void start(long apache) throws Exception {
        ensemble = new LocalEnsemble(folder, 3, "reconfigEnabled=true", "skipACL=yes", "4lw.commands.whitelist=*");
        opened.closing(ensemble);
        for (long sid = 3; sid >= 1; sid--) {
            if (sid == apache) startApache(sid);
            else ensemble.start(sid);
            if (sid == 2) awaitMode(3, "leader"); // whoever of the two was first
        }
        for (long sid = 1; sid <= 3; sid++) awaitMode(sid, "leader|follower");
    }

    private void startApache(long sid) throws IOException {
        Process process = ApacheServers.launch(ensemble.config(sid), folder.resolve("apache.log"));
        opened.closing(() -> process.destroyForcibly().waitFor());
    }

    private void awaitMode(long sid, String modes) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Words.ask(ensemble.clientPort(sid), "srvr").matches("(?s).*Mode: (" + modes + ")\n.*"));
    }

    private ZooKeeper client(long sid) throws Exception {
        ZooKeeper client = new ZooKeeper(ensemble.connectString(sid), SESSION_MILLIS, event -> {});
        opened.closing(client);
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    /** Tries again where the connection is lost, since a leader that leaves closes its clients'. */
    private long[] reconfigure(@Nullable String joining, @Nullable String leaving) throws Exception {
        return reconfigure(joining, leaving, null);
    }

    private long[] reconfigure(@Nullable String joining, @Nullable String leaving, @Nullable String all)
            throws Exception {
        var admin = new ZooKeeperAdmin(ensemble.connectString(), SESSION_MILLIS, event -> {});
        opened.closing(admin);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.class)
                .until(() -> {
                    admin.reconfigure(joining, leaving, all, -1, new Stat());
                    return true;
                });
        byte[] config = client(1).getConfig(false, new Stat());
        return Members.parse(new String(config, StandardCharsets.UTF_8)).voters();
    }

    private void write(long sid, String path) throws Exception {
        client(sid)
                .create(
                        path,
                        path.getBytes(StandardCharsets.UTF_8),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT);
    }

    private void allHave(int servers, String... paths) throws Exception {
        for (long sid = 1; sid <= servers; sid++) {
            ZooKeeper client = client(sid);
            client.sync("/");
            for (String path : paths) {
                assertThat(client.exists(path, false))
                        .as("%s on server %d", path, sid)
                        .isNotNull();
            }
            assertThat(Words.ask(ensemble.clientPort(sid), "mntr")).contains("zk_digest_mismatches_count\t0\n");
        }
    }

    /** Apache's servers and ours do the same: who is connected stays, others come to the new port, and so do peers. */
    @ParameterizedTest(name = "server {0} is Apache''s")
    @ValueSource(longs = {1, 3})
    void portsOfEachKindMove(long apache) throws Exception {
        start(apache);
        for (long sid = 1; sid <= 3; sid++) clientPortMoves(sid);
        for (long sid = 1; sid <= 3; sid++) {
            reconfigure(ensemble.moved(sid, false, true), null);
            for (long each = 1; each <= 3; each++) awaitMode(each, "leader|follower");
            write(sid, "/peers-moved" + sid);
        }
        allHave(
                3,
                "/by-who-stayed1",
                "/by-who-stayed2",
                "/by-who-stayed3",
                "/peers-moved1",
                "/peers-moved2",
                "/peers-moved3");
    }

    /** Apache's server outweighs both of ours for a while; then every member moves to another host. */
    @ParameterizedTest(name = "server {0} is Apache''s")
    @ValueSource(longs = {1, 3})
    void groupsAndHostsChange(long apache) throws Exception {
        start(apache);
        write(2, "/before");
        String all = ensemble.line(1, "participant") + "\n" + ensemble.line(2, "participant") + "\n"
                + ensemble.line(3, "participant");
        reconfigure(null, null, all + "\ngroup.1=1:2:3\nweight." + apache + "=3");
        for (long sid = 1; sid <= 3; sid++) awaitMode(sid, "leader|follower");
        write(2, "/grouped");
        long[] ours = {apache == 1 ? 3 : 1, 2};
        for (long sid : ours) ensemble.stop(sid);
        awaitMode(apache, "leader");
        write(apache, "/by-the-heavy-one");
        for (long sid : ours) {
            ensemble.start(sid);
            awaitMode(sid, "follower");
            write(sid, "/back" + sid);
        }
        assertThat(reconfigure(null, null, all)).containsExactly(1, 2, 3);
        for (long sid = 1; sid <= 3; sid++) {
            reconfigure(ensemble.moved(sid, "127.0.0.2", "127.0.0.1"), null);
            for (long each = 1; each <= 3; each++) awaitMode(each, "leader|follower");
            write(sid, "/host-moved" + sid);
        }
        allHave(
                3,
                "/before",
                "/grouped",
                "/by-the-heavy-one",
                "/back2",
                "/host-moved1",
                "/host-moved2",
                "/host-moved3");
    }

    private void clientPortMoves(long sid) throws Exception {
        int before = ensemble.clientPort(sid);
        var lost = new AtomicInteger();
        ZooKeeper there = new ZooKeeper(ensemble.connectString(sid), SESSION_MILLIS, event -> {
            if (event.getState() == Watcher.Event.KeeperState.Disconnected) lost.incrementAndGet();
        });
        opened.closing(there);
        await().atMost(PATIENCE).until(() -> there.getState().isConnected());
        reconfigure(ensemble.moved(sid, true, false), null);
        awaitMode(sid, "leader|follower"); // at its new port
        await().atMost(PATIENCE).until(() -> !ReconfigurationTest.isTaken(before));
        there.create("/by-who-stayed" + sid, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(lost).as("connections that server %d lost", sid).hasValue(0);
    }

    /** From one of ours to the other; Apache's follower, which knows of no hand-over, comes after. */
    @Test
    void leadershipIsHandedOverBesideApaches() throws Exception {
        start(1);
        awaitMode(3, "leader");
        write(1, "/before");
        long epoch = epoch(3);
        var moved = Admin.post(ensemble.adminPort(3), "/commands/hand_over", new byte[0]);
        assertThat(moved.statusCode()).as(Admin.text(moved)).isEqualTo(200);
        assertThat(Admin.text(moved)).contains("\"leader\" : 2");
        for (long sid = 1; sid <= 3; sid++) awaitMode(sid, sid == 2 ? "leader" : "follower");
        write(1, "/after");
        assertThat(epoch(2)).isEqualTo(epoch + 1);
        allHave(3, "/before", "/after");
    }

    private long epoch(long sid) throws IOException {
        var zxid = ZXID.matcher(Words.ask(ensemble.clientPort(sid), "srvr"));
        assertThat(zxid.find()).isTrue();
        return Zxid.epoch(Long.parseUnsignedLong(zxid.group(1), 16));
    }

    @ParameterizedTest(name = "server {0} is Apache''s")
    @ValueSource(longs = {1, 3})
    void membersChangeAndLeadershipGoesFromOneKindToTheOther(long apache) throws Exception {
        start(apache);
        awaitMode(3, "leader");
        write(1, "/first");
        ensemble.startJoiner(4);
        awaitMode(4, "follower");
        assertThat(reconfigure(ensemble.line(4, "participant"), null)).containsExactly(1, 2, 3, 4);
        write(4, "/by-the-joiner");
        assertThat(reconfigure(null, "3")).containsExactly(1, 2, 4);
        awaitMode(3, "follower"); // without a vote
        write(3, "/by-the-former-leader");
        assertThat(reconfigure(ensemble.line(3, "observer"), null)).containsExactly(1, 2, 4);
        awaitMode(3, "observer");
        write(3, "/by-the-observer");
        assertThat(reconfigure(ensemble.line(3, "participant"), "4")).containsExactly(1, 2, 3);
        awaitMode(3, "leader|follower");
        write(4, "/by-the-last");
        allHave(4, "/first", "/by-the-joiner", "/by-the-former-leader", "/by-the-observer", "/by-the-last");
    }
}
