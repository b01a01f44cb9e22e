package dev.paddock.e2e.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.failover.RawSession;
import dev.paddock.e2e.histories.Agreement;
import dev.paddock.e2e.histories.MembersDesk;
import dev.paddock.e2e.histories.Servers;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.KeeperException.QuotaExceededException;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.SetQuotaCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A leader of one kind, followers and an observer of the other. What clients do goes through all of them, and members are taken out and in;
 * then servers are brought up to date by DIFF and by SNAP of that leader, and the leader itself by TRUNC of a leader of the other kind. How
 * they were is what they say in their logs.
 */
class MixedRolesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int IDLE_SESSION_MILLIS = 12_000;
    private static final int SHORT_SESSION_MILLIS = 3_000;
    private static final int RAW_SESSION_MILLIS = 40_000;
    private static final int FEW = 20;
    private static final int SYNCS = 100;
    private static final int MANY = 700; // more than a leader keeps to send as DIFF
    private static final byte[] EMPTY = {};

    @TempDir
    Path folder;

    private Mixture mixture;
    private Servers servers;
    private Crowd crowd;

    static List<Mixture> mixtures() {
        return Mixture.chosen();
    }

    @AfterEach
    void closeAll() throws Exception {
        if (servers != null) servers.close(); // first: who waits for an answer hears that there will be none
        if (crowd != null) crowd.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mixtures")
    void eachKindInEachRole(Mixture chosen) throws Exception {
        start(chosen);
        try (var idle = new Crowd(servers)) {
            List<ZooKeeper> sessions = idleSessions(idle);
            long since = System.nanoTime();
            requestsGoWithTheIdsOfTheirClients();
            whatIsReadBehindASyncIsUpToDate();
            sessionsMoveFromServerToServer();
            sessionsOfSilentClientsEnd();
            quotasCountWhatIsWrittenAnywhere();
            membersComeAndGo();
            whoMissedSomethingGetsIt(Sync.DIFF, List.of(mixture.follower()), FEW);
            whoMissedSomethingGetsIt(Sync.SNAP, List.of(mixture.observer()), MANY);
            if (Mixture.isLong()) {
                whoMissedSomethingGetsIt(Sync.DIFF, List.of(mixture.observer()), FEW);
                whoMissedSomethingGetsIt(Sync.SNAP, List.of(mixture.follower()), MANY);
            }
            pingsKeepSessions(sessions, since);
        }
        whatNobodyElseHasIsCutOff();
        Agreement.check(servers);
    }

    private void start(Mixture chosen) throws Exception {
        mixture = chosen;
        servers = mixture.begin(folder);
        crowd = new Crowd(servers);
        mixture.complete(servers);
        await().atMost(PATIENCE)
                .until(() -> servers.word(mixture.observer(), "srvr").contains("Mode: observer\n"));
    }

    /** At the leader and at the follower that is never stopped, with an ephemeral each. */
    private List<ZooKeeper> idleSessions(Crowd idle) throws Exception {
        List<ZooKeeper> sessions = new ArrayList<>();
        for (int sid : mixture.first()) {
            ZooKeeper client = idle.at(sid, IDLE_SESSION_MILLIS);
            client.create("/idle-" + sid, EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            sessions.add(client);
        }
        return sessions;
    }

    private void pingsKeepSessions(List<ZooKeeper> sessions, long sinceNanos) throws Exception {
        await("two timeouts")
                .atMost(PATIENCE)
                .until(() -> System.nanoTime() - sinceNanos > 2_000_000L * IDLE_SESSION_MILLIS);
        for (ZooKeeper each : sessions) assertThat(each.getState().isAlive()).isTrue();
        for (int sid : mixture.first())
            assertThat(Crowd.isThere(crowd.at(mixture.observer()), "/idle-" + sid))
                    .as("session at server %d", sid)
                    .isTrue();
    }

    /** The leader knows who asks, whichever server they ask. */
    private void requestsGoWithTheIdsOfTheirClients() throws Exception {
        for (int sid : servers.sids()) {
            String path = "/of-" + sid;
            ZooKeeper owner = crowd.at(sid);
            owner.addAuthInfo("digest", ("user" + sid + ":secret").getBytes(StandardCharsets.US_ASCII));
            owner.create(path, EMPTY, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            owner.setData(path, new byte[] {1}, 0);
            ZooKeeper stranger = crowd.at(sid);
            assertThatThrownBy(() -> stranger.setData(path, EMPTY, -1)).isInstanceOf(NoAuthException.class);
            assertThatThrownBy(
                            () -> stranger.create(path + "/below", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                    .isInstanceOf(NoAuthException.class);
            owner.setACL(path, Ids.OPEN_ACL_UNSAFE, -1);
            await("the new ACL: a leader of Apache's goes by the old one until it has applied it itself")
                    .atMost(PATIENCE)
                    .ignoreExceptionsMatching(e -> mixture.isApaches(mixture.leader()) && e instanceof NoAuthException)
                    .until(() -> stranger.setData(path, new byte[] {2}, 1) != null);
            onlyWhoIsElsewhereMayWrite(sid);
        }
    }

    /** All servers are at 127.0.0.1, so a client that is taken to be where its server is would be seen. */
    private void onlyWhoIsElsewhereMayWrite(int sid) throws IOException {
        InetAddress there = InetAddress.getByName("127.0.0.2");
        var acl = List.of(new Acl(Perms.ALL, new Id("ip", there.getHostAddress())), Acl.READ_UNSAFE.getFirst());
        String path = "/from-elsewhere-" + sid;
        try (var elsewhere = new RawSession(port(sid), RAW_SESSION_MILLIS, there);
                var here = new RawSession(port(sid), RAW_SESSION_MILLIS)) {
            elsewhere.ask(new Request.Create(path, EMPTY, acl, 0));
            assertThat(elsewhere.error()).as("create by server %d", sid).isZero();
            here.ask(new Request.SetData(path, new byte[] {1}, -1));
            assertThat(here.error()).as("by server %d", sid).isEqualTo(ErrorCode.NO_AUTH.code());
            elsewhere.ask(new Request.SetData(path, new byte[] {2}, 0));
            assertThat(elsewhere.error()).as("setData by server %d", sid).isZero();
        }
    }

    /** Each time by clients that have been there for a while, since a new session is up to date by itself. */
    private void whatIsReadBehindASyncIsUpToDate() throws Exception {
        ZooKeeper writer = crowd.at(mixture.leader());
        writer.create("/synced", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        List<ZooKeeper> readers = new ArrayList<>();
        for (int sid : servers.sids()) readers.add(crowd.at(sid));
        for (int i = 1; i <= SYNCS; i++) {
            assertThat(writer.setData("/synced", EMPTY, -1).getVersion()).isEqualTo(i);
            for (ZooKeeper reader : readers) {
                var synced = new CompletableFuture<Code>();
                reader.sync("/synced", (code, path, context) -> synced.complete(Code.get(code)), null);
                assertThat(reader.exists("/synced", false).getVersion()).isEqualTo(i);
                assertThat(synced.join()).isEqualTo(Code.OK);
            }
        }
    }

    /** Made at one server, taken up at each other, ended at the last, with what it owned. */
    private void sessionsMoveFromServerToServer() throws Exception {
        ZooKeeper now = crowd.at(1);
        long session = now.getSessionId();
        now.create("/ephemeral", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        for (int sid : servers.sids().reversed()) {
            now = crowd.again(sid, now);
            assertThat(now.getSessionId()).as("at server %d", sid).isEqualTo(session);
            now.setData("/ephemeral", new byte[] {(byte) sid}, -1);
        }
        for (int sid : servers.sids())
            assertThat(Crowd.isThere(crowd.at(sid), "/ephemeral")).isTrue();
        now.close();
        for (int sid : servers.sids())
            assertThat(Crowd.isThere(crowd.at(sid), "/ephemeral")).isFalse();
    }

    /** Each keeps its connection and says no more; the leader ends its session, at whichever server it is. */
    private void sessionsOfSilentClientsEnd() throws Exception {
        List<RawSession> silent = new ArrayList<>();
        try {
            for (int sid : servers.sids()) {
                silent.add(new RawSession(port(sid), SHORT_SESSION_MILLIS));
                silent.getLast()
                        .ask(new Request.Create(
                                "/silent-" + sid, EMPTY, Acl.OPEN_UNSAFE, CreateMode.EPHEMERAL.toFlag()));
                assertThat(silent.getLast().error()).as("at server %d", sid).isZero();
            }
            for (int sid : servers.sids()) {
                ZooKeeper client = crowd.at(sid);
                for (int each : servers.sids())
                    await("the end of the session at server " + each + ", seen at " + sid)
                            .atMost(PATIENCE)
                            .until(() -> !Crowd.isThere(client, "/silent-" + each));
            }
        } finally {
            for (RawSession each : silent) each.close();
        }
    }

    private int port(int sid) {
        return Integer.parseInt(servers.client(sid).split(":", -1)[1]);
    }

    /** Digests leave them out, so that all have the same is seen by clients only, in the end. */
    private void quotasCountWhatIsWrittenAnywhere() throws Exception {
        ZooKeeper client = crowd.at(mixture.observer());
        client.create("/counted", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        var limits = new StatsTrack();
        limits.setCount(FEW);
        limits.setByteHardLimit(FEW);
        SetQuotaCommand.createQuota(client, "/counted", limits);
        for (int sid : servers.sids()) {
            ZooKeeper writer = crowd.at(sid);
            writer.create("/counted/by-" + sid, new byte[2], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            assertThatThrownBy(() -> writer.setData("/counted/by-" + sid, new byte[FEW + 1], -1))
                    .isInstanceOf(QuotaExceededException.class);
            writer.setData("/counted/by-" + sid, new byte[1], -1);
        }
        client.delete("/counted/by-1", -1);
    }

    /** Asked by way of the leader, and of a follower of the other kind. */
    private void membersComeAndGo() throws Exception {
        int follower = mixture.follower();
        try (var desk = new MembersDesk(servers, servers.client(mixture.leader()))) {
            desk.remove(follower);
            crowd.write(mixture.leader(), "/without-", FEW);
        }
        try (var desk = new MembersDesk(servers, servers.client(mixture.leader() - 1))) {
            desk.add(follower);
        }
        servers.awaitServing(servers.sids());
        assertThat(Crowd.isThere(crowd.at(follower), "/without-0")).isTrue();
        assertThat(servers.awaitLeader()).isEqualTo(mixture.leader());
    }

    private void whoMissedSomethingGetsIt(Sync how, List<Integer> sids, int count) throws Exception {
        crowd.close();
        for (int sid : sids) servers.kill(sid);
        String prefix = "/" + how + "-" + sids.getFirst() + "-";
        crowd.write(mixture.leader(), prefix, count);
        bringBack(sids);
        for (int sid : sids) {
            wasBrought(sid, how);
            assertThat(Crowd.isThere(crowd.at(sid), prefix + (count - 1))).isTrue();
        }
        assertThat(servers.awaitLeader()).isEqualTo(mixture.leader());
    }

    /** By what it has said since its last start. */
    private void wasBrought(int sid, Sync how) throws IOException {
        String log = servers.saidSinceStart(sid);
        for (Sync each : Sync.values()) {
            assertThat(each.isSaid(mixture.isApache(sid), log))
                    .as("server %d, Apache's or not: %s, by %s:%n%s", sid, mixture.isApache(sid), each, log)
                    .isEqualTo(each == how);
        }
    }

    /** The leader has logged what no other has seen, and dies with it; it comes back to a leader of the other kind. */
    private void whatNobodyElseHasIsCutOff() throws Exception {
        int former = mixture.leader();
        List<Integer> others =
                servers.sids().stream().filter(sid -> sid != former).toList();
        crowd.close();
        ZooKeeper client = crowd.at(former);
        for (int sid : others) servers.signal(sid, "STOP");
        Queue<Code> answers = new ConcurrentLinkedQueue<>();
        AsyncCallback.StringCallback answer = (code, path, context, name) -> answers.add(Code.get(code));
        for (int i = 0; i < FEW; i++) {
            client.create("/lost-" + i, EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, answer, null);
        }
        await("that the leader has logged it").atMost(PATIENCE).until(() -> isLogged(former, "/lost-" + (FEW - 1)));
        for (int sid : servers.sids()) servers.kill(sid); // those that stand still have never read what it sent
        crowd.close();
        assertThat(answers).as("acknowledged by a minority").doesNotContain(Code.OK);
        bringBack(mixture.heirs()); // alone: with more of them, whoever is up first might lead
        int leader = servers.awaitLeader();
        bringBack(others.stream().filter(sid -> !mixture.heirs().contains(sid)).toList());
        assertThat(mixture.isApache(leader)).as("kind of leader %d", leader).isNotEqualTo(mixture.isApache(former));
        bringBack(List.of(former)); // before the first write: Apache's leaders do not cut across epochs
        wasBrought(former, Sync.TRUNC);
        assertThat(servers.awaitLeader()).isEqualTo(leader);
        crowd.write(former, "/found-", FEW);
        for (int i = 0; i < FEW; i++)
            assertThat(Crowd.isThere(crowd.at(former), "/lost-" + i)).isFalse();
        assertThat(isLogged(former, "/lost-0")).as("still in its log").isFalse();
        assertThat(isLogged(former, "/found-0")).isTrue();
    }

    private boolean isLogged(int sid, String path) throws IOException {
        try (var files = Files.list(servers.data(sid).resolve("version-2"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log."))
                    .anyMatch(file -> contains(file, path));
        }
    }

    private static boolean contains(Path file, String path) {
        try {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            return bytes.contains((char) path.length() + path); // a length goes before each text
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bringBack(List<Integer> sids) throws IOException {
        for (int sid : sids) servers.start(sid);
        servers.awaitServing(sids);
    }
}
