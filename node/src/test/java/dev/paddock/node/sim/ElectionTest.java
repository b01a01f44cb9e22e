package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.zab.Effect;
import dev.paddock.wire.Notification;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many rounds an election takes, and that members who are slow or half cut off neither prevent one nor cause one. */
class ElectionTest {
    private static final long MILLIS = 1_000_000;
    private static final long SETTLE_MILLIS = 200; // what an election waits for when a vote is missing
    private static final int SEEDS = 200;

    /** Rounds of the servers that look for a leader, from now on. */
    private static Set<Long> rounds(Simulation sim) {
        var rounds = new TreeSet<Long>();
        sim.network.tamper = (from, effect) -> {
            if (effect instanceof Effect.Notify(long to, Notification n) && n.state() == Notification.LOOKING)
                rounds.add(n.electionEpoch());
            return effect;
        };
        return rounds;
    }

    /** The one that speaks as Apache's is the next leader, or one that does not lead; 0 if there is none. */
    @ParameterizedTest(name = "{0} servers, server 1 {1} ms late, server {2} as Apache''s")
    @CsvSource({"3, 0, 0", "5, 0, 0", "5, 40, 0", "3, 0, 2", "5, 40, 4", "5, 40, 2"})
    void anotherLeaderNeedsOneRoundOrTwoAndWaitsForNobody(int servers, long lateMillis, long apacheAlike) {
        double[] millis = LongStream.range(0, SEEDS)
                .mapToDouble(seed -> electionMillis(servers, seed, lateMillis, apacheAlike))
                .sorted()
                .toArray();
        assertThat(millis[SEEDS * 99 / 100])
                .as("99 of 100 within; median %.0f ms, most %.0f ms", millis[SEEDS / 2], millis[SEEDS - 1])
                .isLessThan((double) SETTLE_MILLIS);
    }

    /** All start within a moment, so all vote: nobody waits for a better vote that might come. */
    @ParameterizedTest(name = "{0} servers, server {1} as Apache''s")
    @CsvSource({"3, 0", "5, 0", "3, 3", "5, 1"})
    void serversThatStartTogetherWaitForNobody(int servers, long apacheAlike) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation sim = simulation(servers, seed, apacheAlike);
            Set<Long> rounds = rounds(sim);
            sim.start().runUntil(Simulation::hasEstablishedLeader, SETTLE_MILLIS * MILLIS);
            assertThat(rounds).as("seed %d: rounds", seed).hasSizeLessThanOrEqualTo(2);
        }
    }

    /** Its link is slow, and its disk; the others go on under their leader. */
    @ParameterizedTest(name = "{0} servers, server {1} as Apache''s")
    @CsvSource({"3, 0", "5, 0", "3, 1", "3, 2", "3, 3", "5, 1", "5, 5"})
    void aSlowMemberCausesNoElection(int servers, long apacheAlike) {
        Script story = story(servers, apacheAlike);
        for (long sid = 1; sid <= servers; sid++) story.boot(sid);
        story.awaitLeader(servers);
        story.awaitServing(1);
        for (long sid = 2; sid <= servers; sid++) {
            story.sim.network.clog(1, sid, 400 * MILLIS);
            story.sim.network.clog(sid, 1, 400 * MILLIS);
        }
        story.server(1).holdDisk();
        story.write(2, "a", 3);
        staysLeader(story, servers);
        story.server(1).releaseDisk();
        story.sim.network.unclogAll();
        story.calm();
    }

    /** Likewise. */
    private static Script story(int servers, long apacheAlike) {
        Script story = new Script(servers);
        if (apacheAlike > 0) story.sim.network.apacheAlike.add(story.server(apacheAlike));
        return story;
    }

    /** One of them speaks as Apache's; none if its sid is 0. */
    private static Simulation simulation(int servers, long seed, long apacheAlike) {
        Simulation sim = Simulation.servers(servers, seed);
        if (apacheAlike > 0) sim.network.apacheAlike.add(sim.server(apacheAlike));
        return sim;
    }

    /** Server 1 is so far away from all others. */
    private static double electionMillis(int servers, long seed, long lateMillis, long apacheAlike) {
        Simulation sim = simulation(servers, seed, apacheAlike).clients(1).start();
        sim.runUntil(Simulation::isServing, 5 * Simulation.SECOND);
        for (long sid = 2; sid <= servers; sid++) {
            sim.network.clog(1, sid, lateMillis * MILLIS);
            sim.network.clog(sid, 1, lateMillis * MILLIS);
        }
        sim.run((long) (sim.random.nextDouble() * Simulation.SECOND));
        Set<Long> rounds = rounds(sim);
        sim.leader().crash();
        long crashed = sim.nowNanos;
        sim.runUntil(Simulation::hasEstablishedLeader, 10 * Simulation.SECOND);
        double took = (sim.nowNanos - crashed) / (double) MILLIS;
        assertThat(rounds).as("seed %d: rounds", seed).hasSizeLessThanOrEqualTo(2);
        return took;
    }

    /** It tells its vote, which is the best, and can be neither told anything nor dialled. */
    @ParameterizedTest(name = "{0} servers, server {1} as Apache''s")
    @CsvSource({"3, 0", "5, 0", "3, 1", "3, 2", "3, 3", "5, 2", "5, 5"})
    void aCandidateThatHearsNobodyIsNotElectedForEver(int servers, long apacheAlike) {
        Script story = story(servers, apacheAlike);
        long deaf = servers;
        for (long sid = 1; sid < deaf; sid++) story.sim.network.cutOneWay(sid, deaf);
        for (long sid = 1; sid <= deaf; sid++) story.boot(sid);
        long leader = story.awaitAnyLeader();
        assertThat(leader).isNotEqualTo(deaf);
        story.write(leader, "a", 3);
        staysLeader(story, leader);
        story.calm();
    }

    /**
     * All vote, and the vote that is the best is that of a server whose quorum port nobody reaches. It may be Apache's; of the others none is, since
     * those must not vote for it again.
     */
    @ParameterizedTest(name = "{0} servers, server {1} as Apache''s")
    @CsvSource({"3, 0", "5, 0", "3, 3", "5, 5"})
    void aCandidateThatCannotBeDialledIsNotElectedForEver(int servers, long apacheAlike) {
        Script story = story(servers, apacheAlike);
        story.sim.network.quorumPortsClosed.add((long) servers);
        for (long sid = 1; sid <= servers; sid++) story.boot(sid);
        assertThat(story.awaitAnyLeader()).isEqualTo(servers - 1);
        story.write(1, "a", 3);
        staysLeader(story, servers - 1);
        story.sim.network.quorumPortsClosed.clear();
        story.calm();
    }

    /** The leader goes deaf while it leads. */
    @ParameterizedTest(name = "{0} servers, server {1} as Apache''s")
    @CsvSource({"3, 0", "5, 0", "3, 1", "3, 2", "3, 3", "5, 2", "5, 5"})
    void aLeaderThatHearsNobodyIsReplacedForGood(int servers, long apacheAlike) {
        Script story = story(servers, apacheAlike);
        long deaf = servers;
        for (long sid = 1; sid <= deaf; sid++) story.boot(sid);
        story.awaitLeader(deaf);
        for (long sid = 1; sid < deaf; sid++) story.awaitServing(sid);
        for (long sid = 1; sid < deaf; sid++) story.sim.network.cutOneWay(sid, deaf);
        List<SimServer> others = story.sim.servers.subList(0, servers - 1);
        story.sim.runUntil(s -> others.stream().anyMatch(SimServer::isLeading), Script.LIMIT);
        long leader = story.sim.leader().sid;
        assertThat(leader).isNotEqualTo(deaf);
        story.write(leader, "a", 3);
        staysLeader(story, leader);
        story.calm();
    }

    /** The first and the last do not reach each other, the others reach both. */
    @ParameterizedTest(name = "{0} servers, server {1} as Apache''s")
    @CsvSource({"3, 0", "5, 0", "3, 1", "3, 2", "3, 3", "5, 1", "5, 3", "5, 5"})
    void aLeaderThatOneMemberCannotReachStays(int servers, long apacheAlike) {
        Script story = story(servers, apacheAlike);
        story.sim.network.cut(1, servers, true);
        for (long sid = 1; sid <= servers; sid++) story.boot(sid);
        long leader = story.awaitAnyLeader();
        story.write(2, "a", 3);
        staysLeader(story, leader);
        story.calm();
    }

    /** A leader of two and the leader that three have elected meanwhile: only the latter commits, and the former follows in the end. */
    @ParameterizedTest(name = "server {0} as Apache''s")
    @ValueSource(longs = {0, 1, 2, 4, 5})
    void aLeaderOfAMinorityGivesWay(long apacheAlike) {
        Script story = story(5, apacheAlike);
        story.boot(1, 2, 3, 4, 5);
        story.awaitLeader(5);
        story.awaitServing(1, 2, 3, 4);
        story.at(5);
        for (long minority : new long[] {1, 5})
            for (long majority : new long[] {2, 3, 4}) story.sim.network.cut(minority, majority, false);
        story.ask(5, "/in-vain");
        story.awaitLeader(4);
        story.write(2, "a", 3);
        story.sim.runUntil(s -> !s.server(5).isServing() && !s.server(1).isServing(), 5 * Simulation.SECOND);
        staysLeader(story, 4);
        story.sim.network.healAll();
        story.awaitServing(1, 5);
        assertThat(story.has(5, "/in-vain")).isFalse();
        assertThat(story.sim.leader().sid).isEqualTo(4);
        story.calm();
    }

    private static void staysLeader(Script story, long leader) {
        long epoch = story.server(leader).replica().peer().epoch();
        for (int i = 0; i < 60; i++) {
            story.run(250);
            assertThat(story.server(leader).isLeading()).isTrue();
        }
        assertThat(story.server(leader).replica().peer().epoch()).isEqualTo(epoch);
    }
}
