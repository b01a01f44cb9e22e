package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.session.SessionModes;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that only their own server knows, on a leader and on followers. */
class LocalSessionsTest {
    private static final SessionModes LOCAL = new SessionModes(true, false, false);
    private static final SessionModes UPGRADABLE = new SessionModes(true, true, false);
    private static final long LIMIT = Script.LIMIT;
    private static final long LEADER = 3;
    private static final long FOUND_SOMETHING = 1030; // what a session had asked happened after its end

    private final Script story = new Script(3);
    private final Simulation sim = story.sim;

    @BeforeEach
    void boot() {
        start(UPGRADABLE);
    }

    private void start(SessionModes modes) {
        sim.servers.forEach(SimServer::crash);
        sim.modes = modes;
        story.boot(1, 2, 3);
        story.awaitLeader(LEADER);
        story.awaitServing(1, 2, 3);
    }

    private SimClient client(long sid, int timeoutMillis) {
        SimClient client = sim.client();
        client.nextServer = sid;
        client.timeoutMillis = timeoutMillis;
        sim.runUntil(s -> client.isOpen(), LIMIT);
        return client;
    }

    private SimClient client(long sid) {
        return client(sid, 10_000);
    }

    private static Request create(String path, int flags) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, flags);
    }

    /** Asks for all at once and waits for the answers. */
    private List<SimClient.Answered> ask(SimClient client, Request... requests) {
        List<SimClient.Answered> answers = new ArrayList<>();
        for (Request request : requests) client.ask(request, answers::add);
        sim.runUntil(s -> answers.size() == requests.length, LIMIT);
        return answers;
    }

    private static List<Integer> errors(List<SimClient.Answered> answers) {
        return answers.stream().map(SimClient.Answered::error).toList();
    }

    private Database state(long sid) {
        return story.server(sid).replica().committed();
    }

    private int localSessions() {
        return sim.servers.stream()
                .mapToInt(s -> s.replica().localSessionCount())
                .sum();
    }

    private void quiet() {
        sim.runUntil(
                s -> sim.servers.stream()
                                .map(each -> state(each.sid).lastZxid())
                                .distinct()
                                .count()
                        == 1,
                LIMIT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, LEADER})
    void aLocalSessionLeavesNoTransaction(long sid) {
        SimClient client = client(sid);
        assertThat(story.server(sid).replica().localSessionCount()).isEqualTo(1);
        List<SimClient.Answered> answers = ask(
                client,
                create("/a", 0),
                new Request.SetData("/a", new byte[] {1}, 0),
                new Request.GetData("/a", true),
                new Request.Sync("/"),
                new Request.CloseSession());
        assertThat(errors(answers)).containsOnly(0);
        client.stop();
        quiet();
        assertThat(Zxid.counter(state(LEADER).lastZxid()))
                .as("a create and a setData")
                .isEqualTo(2);
        assertThat(state(LEADER).sessionCount()).isZero();
        assertThat(localSessions()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, LEADER})
    void theFirstEphemeralMakesItGlobal(long sid) {
        SimClient client = client(sid);
        long session = client.sessionId();
        assertThat(session >>> 56).isEqualTo(sid);
        List<SimClient.Answered> answers = ask(
                client,
                create("/plain", 0),
                create("/mine", 1),
                create("/plain/child", 0),
                create("/mine2", 3),
                new Request.Exists("/mine", false));
        assertThat(errors(answers)).containsOnly(0);
        quiet();
        assertThat(localSessions()).isZero();
        for (SimServer server : sim.servers) {
            Database state = server.replica().committed();
            assertThat(state.sessionTimeoutMillis(session)).isEqualTo(10_000);
            Znode mine = state.find("/mine");
            assertThat(mine).isNotNull();
            assertThat(mine.ephemeralOwner()).isEqualTo(session);
        }
        story.run(100); // all disks have it
        for (SimServer server : sim.servers) {
            assertThat(server.disk.log.stream().filter(LocalSessionsTest::createsSession))
                    .as("created once")
                    .hasSize(1);
        }
        ask(client, new Request.CloseSession());
        client.stop();
        quiet();
        assertThat(state(LEADER).ephemeralCount()).isZero();
        assertThat(state(LEADER).sessionCount()).isZero();
    }

    private static boolean createsSession(Proposal p) {
        return TxnRecord.parse(p.payload()).txn() instanceof Txn.CreateSession;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, LEADER})
    void anEphemeralInAMultiMakesItGlobal(long sid) {
        SimClient client = client(sid);
        var multi = new Request.Multi(List.of(
                (Request.WriteOp) create("/m", 0), new Request.Create2("/m2", new byte[0], Acl.OPEN_UNSAFE, 1)));
        assertThat(errors(ask(client, multi))).containsExactly(0);
        quiet();
        assertThat(state(LEADER).ephemeralsOf(client.sessionId())).containsExactly("/m2");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, LEADER})
    void whereItMayNotBecomeGlobalAnEphemeralIsRefused(long sid) {
        start(LOCAL);
        SimClient client = client(sid);
        var multi = new Request.Multi(List.of((Request.WriteOp) create("/m", 0), (Request.WriteOp) create("/m2", 1)));
        List<SimClient.Answered> answers =
                ask(client, create("/a", 0), create("/b", 1), create("/c", 0), multi, new Request.Exists("/b", false));
        int refused = ErrorCode.EPHEMERAL_ON_LOCAL_SESSION.code();
        assertThat(errors(answers)).containsExactly(0, refused, 0, 0, ErrorCode.NO_NODE.code());
        var results = ((Response.Multi) answers.get(3).body()).results();
        int inMulti = sid == LEADER ? refused : ErrorCode.SESSION_EXPIRED.code(); // as by Apache's servers
        assertThat(results).containsExactly(new Response.Failed(0), new Response.Failed(inMulti));
        assertThat(client.isOpen()).isTrue();
        assertThat(localSessions()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, LEADER})
    void aSilentOneExpiresAtItsOwnServer(long sid) {
        SimClient silent = client(sid, 1_000);
        SimClient lively = client(sid, 1_000);
        long before = state(sid).lastZxid();
        silent.die();
        sim.runUntil(s -> localSessions() == 1, LIMIT);
        sim.run(5 * Simulation.SECOND);
        assertThat(lively.isOpen()).isTrue();
        assertThat(localSessions()).isEqualTo(1);
        assertThat(state(sid).lastZxid()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, LEADER})
    void itComesBackToItsOwnServerOnly(long sid) {
        SimClient client = client(sid);
        long session = client.sessionId();
        for (int i = 0; i < 5; i++) client.ask(create("/late" + i, 0), a -> {});
        client.hangUp();
        sim.runUntil(s -> client.isOpen(), LIMIT);
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(client.sessionsLost).isZero();
        assertThat(errors(ask(client, create("/back", 0)))).containsExactly(0); // whose xid is fresh, like its answer

        client.nextServer = 2;
        client.hangUp();
        sim.runUntil(s -> client.isOpen() && client.sessionId() != session, LIMIT);
        assertThat(client.sessionsLost).isEqualTo(1);
    }

    @Test
    void onceGlobalItMoves() {
        SimClient client = client(1);
        long session = client.sessionId();
        ask(client, create("/mine", 1));
        for (long sid : new long[] {2, LEADER, 1}) {
            client.nextServer = sid;
            client.hangUp();
            sim.runUntil(s -> client.isOpen(), LIMIT);
            assertThat(client.sessionId()).isEqualTo(session);
            assertThat(errors(ask(client, new Request.SetData("/mine", new byte[0], -1))))
                    .containsExactly(0);
        }
        client.die();
        sim.runUntil(s -> state(1).find("/mine") == null && state(2).find("/mine") == null, 2 * LIMIT);
    }

    /** The leader must not take its id for that of somebody's local session. */
    @Test
    void whatItAskedComesTooLateOnceItHasEndedElsewhere() {
        SimClient client = client(1);
        ask(client, create("/mine", 1));
        sim.network.clog(1, LEADER, Simulation.SECOND);
        client.ask(create("/late", 0), answer -> {});
        client.nextServer = 2;
        client.hangUp();
        sim.runUntil(s -> client.isOpen(), LIMIT);
        client.ask(new Request.CloseSession(), answer -> {});
        sim.runUntil(s -> state(2).find("/mine") == null, LIMIT);
        assertThat(state(LEADER).find("/late")).isNull();
        story.run(3_000);
        for (long sid = 1; sid <= 3; sid++) assertThat(state(sid).find("/late")).isNull();
    }

    @Test
    void itEndsWithTheRoleOfItsServer() {
        SimClient client = client(1);
        story.crash(LEADER);
        sim.runUntil(s -> client.sessionsLost == 1 && client.isOpen(), LIMIT);
    }

    static LongStream seeds() {
        return Seeds.chosen(200, FOUND_SOMETHING);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLost(long seed) {
        Shrinker.run(() -> new Ordeal(LocalSessionsTest.class, seed, each -> each.modes = UPGRADABLE));
    }
}
