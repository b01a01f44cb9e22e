package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.session.SessionModes;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server without a quorum, and clients that are content with reads. */
class ReadOnlyTest {
    private static final SessionModes READ_ONLY = new SessionModes(false, false, true);
    private static final long[] FOUND_SOMETHING = {228}; // a follower linked with another leader than it told of
    private static final long LIMIT = Script.LIMIT;

    private final Script story = new Script(3);
    private final Simulation sim = story.sim;
    private final SimServer survivor = story.server(1);

    @BeforeEach
    void loseTheQuorum() {
        sim.modes = READ_ONLY;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(1, "n", 5);
        story.ask(1, "/last");
        story.run(500);
    }

    private SimClient reader() {
        SimClient client = sim.client();
        client.nextServer = survivor.sid;
        client.readOnly = true;
        client.timeoutMillis = 1_000;
        return client;
    }

    private static Request create(String path) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0);
    }

    private List<Integer> errors(SimClient client, Request... requests) {
        List<Integer> errors = new ArrayList<>();
        for (Request request : requests) client.ask(request, a -> errors.add(a.error()));
        sim.runUntil(s -> errors.size() == requests.length, LIMIT);
        return errors;
    }

    @Test
    void readsAreServedAfterAWhileAndWritesRefused() {
        story.crash(2, 3);
        sim.runUntil(s -> survivor.role() == dev.paddock.node.zab.Peer.Role.LOOKING, LIMIT);
        story.run(1_900);
        assertThat(survivor.isReadOnly()).isFalse();
        SimClient reader = reader();
        sim.runUntil(s -> reader.isOpen(), LIMIT);
        assertThat(reader.isServedReadOnly).isTrue();
        assertThat(survivor.replica().localSessionCount()).isEqualTo(1);
        int refused = ErrorCode.NOT_READ_ONLY.code();
        assertThat(errors(
                        reader,
                        new Request.Exists("/n4", true),
                        create("/x"),
                        new Request.Sync("/"),
                        new Request.Multi(List.of((Request.WriteOp) create("/x"))),
                        new Request.GetData("/n0", true)))
                .containsExactly(0, refused, refused, refused, 0);
        story.run(3_000);
        assertThat(reader.isOpen()).as("its pings keep it").isTrue();
        assertThat(errors(reader, new Request.CloseSession())).containsExactly(0);
        assertThat(survivor.replica().localSessionCount()).isZero();
    }

    @Test
    void whoDoesNotAgreeWaitsAndKeepsItsSession() {
        SimClient writer = story.at(1);
        long session = writer.sessionId();
        story.crash(2, 3);
        sim.runUntil(s -> survivor.isReadOnly(), LIMIT);
        story.run(2_000);
        assertThat(writer.isOpen()).isFalse();
        writer.readOnly = true; // but its session is the quorum's
        story.run(2_000);
        assertThat(writer.isOpen()).isFalse();
        story.boot(2);
        sim.runUntil(s -> writer.isOpen(), LIMIT);
        assertThat(writer.sessionId()).isEqualTo(session);
        assertThat(writer.sessionsLost).isZero();
        assertThat(writer.isServedReadOnly).isFalse();
    }

    @Test
    void withAQuorumReadersAreSentAway() {
        story.crash(2, 3);
        SimClient reader = reader();
        sim.runUntil(s -> reader.isOpen() && reader.isServedReadOnly, LIMIT);
        story.boot(2);
        sim.runUntil(s -> survivor.isServing() && reader.isOpen() && !reader.isServedReadOnly, LIMIT);
        assertThat(reader.sessionsLost).as("what was local ended").isEqualTo(1);
        assertThat(errors(reader, create("/again"))).containsExactly(0);
        assertThat(survivor.replica().localSessionCount()).isZero();
        story.boot(3);
        story.awaitServing(1, 2, 3);
        story.calm();
    }

    @Test
    void aSilentReaderExpires() {
        story.crash(2, 3);
        SimClient reader = reader();
        sim.runUntil(s -> reader.isOpen(), LIMIT);
        reader.die();
        sim.runUntil(s -> survivor.replica().localSessionCount() == 0, LIMIT);
    }

    /** M37, ZOOKEEPER-3526: a read-only server came back with another idea of its log, and committed history was cut. */
    @Test
    void m37TheLogDoesNotNoticeReadOnlyTime() {
        story.isolate(1);
        story.write(2, "missed", 3);
        SimClient reader = reader();
        sim.runUntil(s -> reader.isOpen() && reader.isServedReadOnly, LIMIT);
        assertThat(errors(reader, create("/x"), new Request.Exists("/missed0", false)))
                .containsExactly(ErrorCode.NOT_READ_ONLY.code(), ErrorCode.NO_NODE.code());
        List<Proposal> log = List.copyOf(survivor.disk.log);
        long committed = survivor.replica().peer().lastCommitted();
        story.run(5_000);
        assertThat(survivor.disk.log).isEqualTo(log);
        assertThat(survivor.replica().peer().lastCommitted()).isEqualTo(committed);
        sim.network.healAll();
        sim.runUntil(s -> story.has(1, "/missed2"), LIMIT);
        assertThat(survivor.disk.log.subList(0, log.size()))
                .as("nothing was cut")
                .isEqualTo(log);
        story.calm();
    }

    static LongStream seeds() {
        return Seeds.chosen(200, FOUND_SOMETHING);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLost(long seed) {
        Shrinker.run(() ->
                new Ordeal(ReadOnlyTest.class, seed, each -> each.modes = new SessionModes(seed % 2 == 0, true, true)));
    }
}
