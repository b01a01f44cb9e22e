package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.zab.Effect;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import dev.paddock.wire.Zxid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories as in {@link MuseumTest}, of sessions, watches and members. */
class ClientMuseumTest {
    private static final int EPHEMERAL = 1;

    private static Request create(String path, int flags) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, flags);
    }

    // M15, ZOOKEEPER-2355: a follower loses its leader just when a session ends.

    @Test
    void m15AnEphemeralEndsWithItsSessionEverywhere() {
        m15(false);
    }

    @Test
    void m15IsFoundWhereTheFollowerClaimsToKnow() {
        assertThatThrownBy(() -> m15(true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a peer broke the protocol: proposed");
    }

    private static void m15(boolean claims) {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        SimClient owner = story.at(3);
        owner.ask(create("/e", EPHEMERAL), a -> {});
        story.sim.runUntil(s -> story.has(1, "/e") && story.has(2, "/e"), Script.LIMIT);
        story.run(50);
        long shared = story.server(1).disk.lastZxid();
        story.sim.network.cut(1, 3, false); // what is on its way to 1 will never arrive
        owner.ask(new Request.CloseSession(), a -> {});
        story.sim.runUntil(s -> !story.has(3, "/e") && !story.server(1).isServing(), Script.LIMIT);
        story.sim.network.cut(1, 3, true);
        if (claims) story.sim.network.tamper = Mutants.telling(1, shared + 1);
        story.sim.network.healAll();
        story.awaitServing(1);
        assertThat(story.has(1, "/e")).isFalse();
        story.calm();
    }

    // M24, ZOOKEEPER-2101: what fits a request does not fit a transaction.

    @Test
    void m24WhatFitsARequestAndNoTransactionIsRefused() {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2, 3);
        story.write(1, "a", 1);
        List<Integer> errors = new ArrayList<>();
        for (int spared : new int[] {200, 30}) {
            byte[] large = new byte[SimNetwork.PACKET_BYTES_MAX - spared];
            story.at(3).ask(new Request.SetData("/a0", large, -1), a -> errors.add(a.error()));
        }
        story.sim.runUntil(s -> errors.size() == 2, Script.LIMIT);
        assertThat(errors).containsExactly(0, ErrorCode.MARSHALLING_ERROR.code());
        story.write(1, "b", 3);
        story.calm();
    }

    // M27, ZOOKEEPER-2886, -710: a server asks for a session that its client has left meanwhile.

    @Test
    void m27ALateClaimOfASessionEndsNothingForLong() {
        m27(false);
    }

    @Test
    void m27IsFoundWhereTheClaimIsRepeated() {
        assertThatThrownBy(() -> m27(true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not reached in time");
    }

    private static void m27(boolean repeats) {
        Script story = new Script(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        List<Runnable> late = new ArrayList<>();
        story.sim.network.tap = (from, to, packet, arrival) -> {
            if (from == 1 && packet.type() == QuorumPacket.REVALIDATE) return late.add(arrival);
            if (repeats && from == 2 && packet.type() == QuorumPacket.REQUEST) late.forEach(Runnable::run);
            return false;
        };
        SimClient client = story.sim.client();
        client.nextServer = 3;
        story.sim.runUntil(s -> client.isOpen(), Script.LIMIT);
        client.nextServer = 1;
        client.hangUp();
        story.sim.runUntil(s -> !late.isEmpty(), Script.LIMIT);
        client.nextServer = 2;
        client.hangUp();
        story.sim.runUntil(s -> client.isOpen(), Script.LIMIT);
        late.getFirst().run();
        boolean[] done = {false};
        client.opened = () -> client.ask(create("/moved", 0), a -> done[0] = true);
        client.opened.run();
        story.sim.runUntil(s -> done[0], 3 * Simulation.SECOND);
        assertThat(client.sessionsLost).isZero();
        story.sim.network.tap = (from, to, packet, arrival) -> false;
        story.calm();
    }

    // M30, ZOOKEEPER-1412, -1667, -3125: a watch outlives its connection.

    @Test
    void m30AWatchFiresAtAnotherServerForWhatWasMissed() {
        m30(false);
    }

    @Test
    void m30IsFoundWhereNobodyLooksBack() {
        assertThatThrownBy(() -> m30(true)).isInstanceOf(AssertionError.class).hasMessageContaining("was not told");
    }

    private static void m30(boolean ignoresMissedEvents) {
        Script story = new Script(3);
        story.sim.ignoresMissedEvents = ignoresMissedEvents;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        String path = Workload.SHARED + 0;
        SimClient watcher = story.at(1);
        List<SimClient.Answered> answers = new ArrayList<>();
        watcher.ask(create(path, 0), answers::add);
        watcher.ask(new Request.GetData(path, true), answers::add);
        story.sim.runUntil(s -> answers.size() == 2, Script.LIMIT);
        watcher.watched.set(path, answers.getLast().zxid(), true);
        SimClient writer = story.at(3);
        watcher.nextServer = 2;
        watcher.hangUp();
        writer.ask(new Request.Delete(path, -1), answers::add); // before it comes back
        writer.ask(create(path, 0), answers::add);
        story.sim.runUntil(s -> answers.size() == 4 && watcher.isOpen() && story.has(2, path), Script.LIMIT);
        watcher.ask(new Request.Exists(path, false), answers::add);
        story.sim.runUntil(s -> answers.size() == 5, Script.LIMIT);
        assertThat(watcher.watched.isEmpty()).as("fired").isTrue();
        story.crash(1);
        story.calm();
    }

    // M40, etcd's 15271: a client goes on at a server that is behind it, and time runs backwards.

    @Test
    void m40AServerThatIsBehindSendsTheClientAway() {
        m40(false);
    }

    @Test
    void m40IsFoundWhereAServerThatIsBehindTakesIt() {
        assertThatThrownBy(() -> m40(true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("sees an older state than it saw");
    }

    private static void m40(boolean ignoresSeenZxid) {
        Script story = new Script(3);
        story.sim.ignoresSeenZxid = ignoresSeenZxid;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        SimClient client = story.at(3);
        story.write(3, "a", 2);
        story.run(50);
        story.sim.network.tap = (from, to, packet, arrival) -> to == 1 && packet.type() == QuorumPacket.COMMIT;
        story.write(3, "b", 2); // 1 does not hear that it happened
        client.nextServer = 1;
        client.hangUp();
        story.run(100);
        boolean isTaken = client.isOpen();
        if (isTaken) client.ask(new Request.Exists("/b1", false), a -> {});
        story.run(100);
        assertThat(isTaken).isFalse();
        story.sim.network.tap = (from, to, packet, arrival) -> false;
        story.crash(1);
        story.boot(1);
        story.sim.runUntil(s -> client.isOpen(), Script.LIMIT);
        story.calm();
    }

    // M36, ZOOKEEPER-2172: the members change while a server is being brought up to date.

    @Test
    void m36ALearnerHearsOfMembersThatChangedMeanwhile() {
        m36(true);
    }

    @Test
    void m36IsFoundWhereItDoesNot() {
        assertThatThrownBy(() -> m36(false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("voters of the learner");
    }

    private static void m36(boolean hears) {
        Script story = new Script(4);
        story.sim.changeable(3);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        story.boot(4);
        story.awaitServing(4);
        story.crash(1);
        List<Runnable> held = new ArrayList<>();
        story.sim.network.tap = (from, to, packet, arrival) ->
                from == 1 && packet.type() == QuorumPacket.ACK && Zxid.counter(packet.zxid()) == 0 && held.add(arrival);
        if (!hears) story.sim.network.tamper = ClientMuseumTest::hushed;
        story.boot(1);
        story.sim.runUntil(s -> !held.isEmpty(), Script.LIMIT); // after NEWLEADER, before UPTODATE
        boolean[] changed = {false};
        Request joins = new Request.Reconfig(Simulation.line(4, "participant"), null, null, -1);
        story.at(3).ask(joins, a -> changed[0] = a.error() == 0);
        story.sim.runUntil(s -> changed[0], Script.LIMIT);
        story.sim.network.tap = (from, to, packet, arrival) -> false;
        held.forEach(Runnable::run);
        story.awaitServing(1);
        story.run(100);
        assertThat(story.server(1).replica().peer().members().voters())
                .as("voters of the learner")
                .containsExactly(1, 2, 3, 4);
        story.calm();
    }

    // M36, ZOOKEEPER-3829, -2778: a fourth server is in the files of all, which are started again one by one.

    @Test
    void m36AServerThatIsAddedToTheFilesLeads() {
        Script story = new Script(4);
        story.sim.forgetsMembers = true; // what counts is in the files
        story.sim.firstVoters = 3;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        story.write(3, "a", 2);
        story.sim.firstVoters = 4;
        story.boot(4);
        story.crash(1);
        story.boot(1);
        story.run(500); // it needs three of four, and waits for another that knows of the fourth
        story.crash(2);
        story.boot(2);
        story.awaitServing(1, 2);
        story.crash(3);
        story.boot(3);
        story.awaitServing(1, 2, 3);
        assertThat(story.sim.servers)
                .allSatisfy(
                        server -> assertThat(server.replica().peer().members().voters())
                                .as("voters of server %d", server.sid)
                                .containsExactly(1, 2, 3, 4));
        story.awaitServing(4);
        story.run(100);
        story.crash(story.awaitAnyLeader());
        story.awaitLeader(4);
        story.write(4, "b", 2);
        story.calm();
    }

    /** Commits a change of the members without saying that it is one. */
    private static Effect.ToPeers hushed(long from, Effect.ToPeers effect) {
        return effect instanceof Effect.Send(long link, QuorumPacket p) && p.type() == QuorumPacket.COMMITANDACTIVATE
                ? new Effect.Send(link, new QuorumPacket(QuorumPacket.COMMIT, p.zxid()))
                : effect;
    }
}
