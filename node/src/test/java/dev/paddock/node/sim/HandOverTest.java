package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.LearnerInfo;
import dev.paddock.wire.Notification;
import dev.paddock.wire.QuorumPacket;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Planned moves of leadership: server 3 leads at first, and 1 is its heir if it keeps up. */
class HandOverTest {
    private static final long LIMIT = Script.LIMIT;
    private static final long LEADER = 3;
    private static final long QUICK = 100_000_000; // far below what an election waits for when a vote is missing
    private static long handOversOfAllSeeds;

    private final Script story = new Script(3);
    private final Simulation sim = story.sim;
    private int votes; // notifications of servers that look for a leader

    static LongStream seeds() {
        return Seeds.chosen(300);
    }

    @AfterAll
    static void leadershipMoved() {
        assertThat(handOversOfAllSeeds).isGreaterThan(3 * seeds().count());
    }

    private void start() {
        story.boot(1, 2, 3);
        story.awaitLeader(LEADER);
        story.awaitServing(1, 2, 3);
        story.write(LEADER, "before", 3);
        story.run(20); // until both followers have forced it: the lower sid is the heir
    }

    private void end() {
        story.calm();
        for (int i = 0; i < 3; i++) assertThat(story.has(1, "/before" + i)).isTrue();
    }

    private long epoch() {
        return sim.leader().replica().peer().epoch();
    }

    private void begin() {
        assertThat(story.server(LEADER).handOver()).isEmpty();
    }

    private void awaitOther(long limit) {
        sim.runUntil(s -> s.server(1).isLeading() || s.server(2).isLeading(), limit);
    }

    /** From now on servers of these sids are not known to take a hand-over. */
    static void likeApache(Simulation sim, List<Long> sids) {
        sim.network.tamper = (from, effect) -> effect instanceof Effect.Send(long link, QuorumPacket p)
                        && p.type() == QuorumPacket.FOLLOWERINFO
                        && sids.contains(from)
                ? new Effect.Send(link, likeApache(p))
                : effect;
    }

    private static QuorumPacket likeApache(QuorumPacket followerInfo) {
        LearnerInfo info = LearnerInfo.parse(followerInfo.data());
        byte[] data = new LearnerInfo(info.sid(), LearnerInfo.PROTOCOL_VERSION, info.configVersion()).toBytes();
        return new QuorumPacket(QuorumPacket.FOLLOWERINFO, followerInfo.zxid(), data, null);
    }

    private void countVotes() {
        sim.network.tamper = (from, effect) -> {
            if (effect instanceof Effect.Notify(long to, Notification n) && n.state() == Notification.LOOKING) votes++;
            return effect;
        };
    }

    private static boolean namesAnHeir(QuorumPacket p, long dialler) {
        return p.type() == QuorumPacket.PING && p.data() != null && p.data().length == Long.BYTES && dialler == LEADER;
    }

    @Test
    void theHeirLeadsWithoutAnElection() {
        start();
        long epoch = epoch();
        countVotes();
        for (int i = 0; i < 20; i++) story.ask(LEADER, "/during" + i);
        sim.runUntil(s -> story.server(LEADER).replica().outstandingCount() > 0, LIMIT);
        begin();
        awaitOther(QUICK);
        story.awaitServing(1, 2, 3);
        assertThat(votes).isZero();
        assertThat(epoch()).isEqualTo(epoch + 1);
        assertThat(sim.leader().sid).isEqualTo(1);
        assertThat(story.server(LEADER).role()).isEqualTo(Peer.Role.FOLLOWING);
        end();
    }

    /** Of four the heir and the former leader are no quorum: the others have to follow at once, too. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 6, 7})
    void soItDoesInEnsemblesOfAnySize(int size) {
        Script any = new Script(size);
        long[] all = LongStream.rangeClosed(1, size).toArray();
        any.boot(all);
        any.awaitLeader(size);
        any.awaitServing(all);
        any.write(size, "before", 3);
        any.run(100);
        assertThat(any.server(size).handOver()).isEmpty();
        any.sim.runUntil(s -> s.server(1).isLeading() && s.hasEstablishedLeader(), 5 * QUICK);
        any.awaitServing(all);
        assertThat(any.sim.leader().sid).isEqualTo(1);
        any.calm();
    }

    @Test
    void whatIsOutstandingCommitsFirst() {
        start();
        story.server(1).holdDisk();
        story.server(2).holdDisk();
        story.ask(LEADER, "/outstanding");
        sim.runUntil(s -> story.server(LEADER).replica().outstandingCount() > 0, LIMIT);
        begin();
        story.run(100);
        assertThat(story.server(LEADER).role()).isEqualTo(Peer.Role.LEADING);
        story.server(1).releaseDisk();
        awaitOther(QUICK);
        assertThat(story.has(sim.leader().sid, "/outstanding")).isTrue();
        story.server(2).releaseDisk();
        end();
    }

    @Test
    void aServerThatLagsIsNotTheHeir() {
        start();
        story.server(1).holdDisk();
        story.write(LEADER, "newer", 1);
        begin();
        story.awaitLeader(2);
        story.server(1).releaseDisk();
        end();
    }

    @Test
    void withoutAQuorumThatCommitsItEndsInAnElection() {
        start();
        story.server(1).holdDisk();
        story.server(2).holdDisk();
        story.ask(LEADER, "/outstanding");
        sim.runUntil(s -> story.server(LEADER).replica().outstandingCount() > 0, LIMIT);
        begin();
        sim.runUntil(s -> !story.server(LEADER).isServing(), 2 * Simulation.SECOND);
        story.server(1).releaseDisk();
        story.server(2).releaseDisk();
        story.awaitAnyLeader();
        end();
    }

    @Test
    void theHeirDiesAsItIsTold() {
        start();
        sim.network.tap = (from, to, packet, arrival) -> {
            boolean dies = namesAnHeir(packet, from) && to == 1;
            if (dies) sim.after(0, () -> story.crash(1));
            return dies;
        };
        begin();
        sim.runUntil(s -> !story.server(LEADER).isServing(), QUICK);
        story.awaitAnyLeader();
        end();
    }

    @Test
    void theHeirDiesAsItLeads() {
        start();
        begin();
        sim.runUntil(s -> story.server(1).role() == Peer.Role.LEADING, LIMIT);
        story.crash(1);
        sim.runUntil(s -> story.server(2).isLeading() || story.server(LEADER).isLeading(), LIMIT);
        end();
    }

    @Test
    void theHeirNeverHears() {
        start();
        sim.network.tap = (from, to, packet, arrival) -> namesAnHeir(packet, from) && to == 1;
        begin();
        sim.runUntil(s -> !story.server(LEADER).isServing(), 2 * Simulation.SECOND);
        story.awaitAnyLeader();
        end();
    }

    @Test
    void theLeaderDiesOnceTheHeirIsTold() {
        start();
        begin();
        sim.runUntil(s -> story.server(1).role() == Peer.Role.LEADING, LIMIT);
        story.crash(LEADER);
        awaitOther(LIMIT);
        end();
    }

    @Test
    void whoIsNotToldFindsTheNewLeader() {
        start();
        sim.network.tap = (from, to, packet, arrival) -> namesAnHeir(packet, from) && to == 2;
        begin();
        awaitOther(QUICK);
        story.awaitServing(1, 2, 3);
        assertThat(sim.leader().sid).isEqualTo(1);
        end();
    }

    @Test
    void aFollowerThatKnowsNoHandOverElectsAndJoins() {
        likeApache(sim, List.of(1L));
        start();
        begin();
        awaitOther(QUICK);
        assertThat(sim.leader().sid).isEqualTo(2);
        story.awaitServing(1, 2, 3);
        end();
    }

    @Test
    void refusals() {
        likeApache(sim, List.of(1L, 2L));
        start();
        assertThat(story.server(1).handOver()).hasValue("this server does not lead");
        assertThat(story.server(LEADER).handOver()).get().asString().contains("no other voter has caught up");
        end();
    }

    @Test
    void noQuorumTakesAHandOver() {
        Script five = new Script(5);
        likeApache(five.sim, List.of(1L, 2L, 3L));
        five.boot(1, 2, 3, 4, 5);
        five.awaitLeader(5);
        five.awaitServing(1, 2, 3, 4, 5);
        assertThat(five.server(5).handOver()).get().asString().contains("no quorum");
        five.calm();
    }

    @Test
    void twiceIsOnce() {
        start();
        begin();
        assertThat(story.server(LEADER).handOver()).isNotEmpty();
        awaitOther(QUICK);
        end();
    }

    @Test
    void aServerWithoutOtherVotersStays() {
        Script one = new Script(1);
        one.boot(1);
        one.awaitLeader(1);
        assertThat(one.server(1).handOver()).get().asString().contains("no other voter");
        one.write(1, "on", 1);
        one.calm();
    }

    @Test
    void observersAreNoHeirs() {
        Script four = new Script(4);
        four.sim.changeable(3);
        four.boot(1, 2, 3, 4);
        four.awaitLeader(3);
        four.awaitServing(1, 2, 3, 4);
        four.crash(1, 2);
        four.sim.runUntil(s -> four.server(3).replica().peer().syncedFollowers() <= 1, LIMIT);
        assertThat(four.server(3).isLeading()).isTrue();
        assertThat(four.server(3).handOver()).get().asString().contains("no other voter");
        four.calm();
    }

    /** Leadership moves every few hundred milliseconds, amid faults and clients; one server may know nothing of it. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLostWhileLeadershipMoves(long seed) {
        Shrinker.run(() -> new Ordeal(HandOverTest.class, seed, random -> {
            if (seed % 3 == 1) likeApache(random, List.of(1L + seed % 2));
            moveLeadership(random);
        }));
    }

    private static void moveLeadership(Simulation random) {
        random.after((long) (random.random.nextDouble() * 500_000_000L), () -> {
            if (random.isHealed) return;
            if (random.hasEstablishedLeader() && random.leader().handOver().isEmpty()) handOversOfAllSeeds++;
            moveLeadership(random);
        });
    }
}
