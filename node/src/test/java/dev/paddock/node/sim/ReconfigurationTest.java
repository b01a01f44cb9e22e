package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.Invariant;
import dev.paddock.node.members.Members;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Peer;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Members that change: servers 1 to 3 vote at first, 4 to 6 are there to join. */
class ReconfigurationTest {
    private static final long LIMIT = Script.LIMIT;
    private static final long LEADER = 3;
    private static final long HAND_OVER_NANOS_MAX = 100_000_000;
    private static final int SEEDS = 500;
    private static final long FOUND_SOMETHING = 7353; // all voters that a server knew of had moved while it was cut off
    private static final int MUTANT_SEEDS_MAX = 100;

    private final Script story = new Script(6);
    private final Simulation sim = story.sim;
    private static int seedsRun;
    private static long changesOfAllSeeds;
    private static long groupedOfAllSeeds;
    private static long movesOfAllSeeds;
    private static long changesOfMixedSeeds;

    private long asked = LEADER; // where reconfigurations are asked for

    static LongStream seeds() {
        return Seeds.chosen(SEEDS, FOUND_SOMETHING);
    }

    @AfterAll
    static void manyChangesWereMade() {
        if (seedsRun < SEEDS) return; // which need not see everything
        assertThat(changesOfAllSeeds).isGreaterThanOrEqualTo(seedsRun);
        assertThat(groupedOfAllSeeds).isGreaterThan(seedsRun / 20);
        assertThat(movesOfAllSeeds).isGreaterThan(seedsRun / 20);
        assertThat(changesOfMixedSeeds).isGreaterThan(seedsRun / 4);
    }

    @BeforeEach
    void start() {
        sim.changeable(3);
        story.boot(1, 2, 3);
        story.awaitLeader(LEADER);
        story.awaitServing(1, 2, 3);
    }

    private static String participant(long sid) {
        return Simulation.line(sid, "participant");
    }

    private static String observer(long sid) {
        return Simulation.line(sid, "observer");
    }

    private static Request.Reconfig join(String... servers) {
        return new Request.Reconfig(String.join(",", servers), null, null, -1);
    }

    private static Request.Reconfig leave(String sids) {
        return new Request.Reconfig(null, sids, null, -1);
    }

    private static Request.Reconfig all(String... servers) {
        return new Request.Reconfig(null, null, String.join(",", servers), -1);
    }

    private int ask(Request.Reconfig request) {
        List<SimClient.Answered> answers = new ArrayList<>();
        story.at(asked).ask(request, answers::add);
        sim.runUntil(s -> !answers.isEmpty(), LIMIT);
        SimClient.Answered answer = answers.getFirst();
        if (answer.body() instanceof Response.Reconfig(byte @Nullable [] data, var stat)) {
            assertThat(configuration(data).version()).isEqualTo(stat.mzxid());
        }
        return answer.error();
    }

    private static Members configuration(byte @Nullable [] data) {
        return Members.parse(new String(data, StandardCharsets.UTF_8));
    }

    private Members members(long sid) {
        return story.server(sid).replica().peer().members();
    }

    private boolean isChanging(long sid) {
        return story.server(sid).replica().peer().isReconfiguring();
    }

    private void awaitVoters(long sid, long... voters) {
        sim.runUntil(s -> Arrays.equals(members(sid).voters(), voters), LIMIT);
    }

    @Test
    void aServerFollowsWithoutAVoteAndThenJoins() {
        story.write(LEADER, "before", 3);
        story.boot(4);
        story.awaitServing(4);
        assertThat(members(4).voters()).containsExactly(1, 2, 3);
        assertThat(ask(join(participant(4)))).isZero();
        for (long sid = 1; sid <= 4; sid++) awaitVoters(sid, 1, 2, 3, 4);
        story.crash(1);
        story.write(LEADER, "three-of-four", 3);
        story.crash(2);
        story.run(2_000);
        assertThat(story.server(LEADER).isLeading()).as("two of four").isFalse();
        story.boot(1);
        story.awaitAnyLeader();
        story.boot(2, 5, 6);
        story.calm();
        assertThat(story.has(4, "/before0")).isTrue();
    }

    @Test
    void theLeaderLeavesAndAnotherTakesOverWithoutAnElection() {
        story.write(LEADER, "before", 3);
        handsOverBy(leave("3"));
        story.awaitServing(3); // it still follows, without a vote
        assertThat(story.server(3).role()).isEqualTo(Peer.Role.FOLLOWING);
        story.crash(3);
        story.write(1, "after", 3);
        story.boot(3, 4, 5, 6);
        story.calm();
        assertThat(members(3).voters()).containsExactly(1, 2);
    }

    /** Another leads so soon that there was no time for an election, in the next epoch, also where the other follower hears of it first. */
    private void handsOverBy(Request.Reconfig change) {
        sim.network.clog(LEADER, 1, 5_000_000);
        long epoch = story.server(LEADER).replica().peer().epoch();
        assertThat(ask(change)).isZero();
        sim.runUntil(s -> s.server(1).isLeading(), HAND_OVER_NANOS_MAX);
        sim.network.unclogAll();
        assertThat(sim.leader().replica().peer().epoch()).isEqualTo(epoch + 1);
    }

    /** All have it on their disks, and two cannot say so: a majority of the members that were, or of those to be. */
    @ParameterizedTest
    @CsvSource({"1, 2", "4, 5"})
    void eitherMajorityAloneCommitsNothing(long one, long other) {
        List<Runnable> acks = new ArrayList<>();
        List<Integer> errors = new ArrayList<>();
        replacesTwo(from -> from == one || from == other, acks, errors);
        assertThat(acks).hasSize(2);
        assertThat(errors).isEmpty();
        acks.getFirst().run();
        for (long sid = 1; sid <= 5; sid++) awaitVoters(sid, 3, 4, 5);
        sim.runUntil(s -> errors.equals(List.of(0)), LIMIT);
        sim.network.tap = (from, to, packet, arrival) -> false;
        story.boot(6);
        story.calm();
    }

    /** The others are away: the leader, and the two that leave or those that join. */
    @ParameterizedTest
    @CsvSource({"1, 2", "4, 5"})
    void eitherMajorityAloneElectsNobody(long one, long other) {
        replacesTwo(from -> from != LEADER, new ArrayList<>(), new ArrayList<>());
        long[] away = LongStream.rangeClosed(1, 5)
                .filter(sid -> sid != one && sid != other)
                .toArray();
        story.crash(away);
        sim.network.tap = (from, to, packet, arrival) -> false;
        story.run(5_000);
        assertThat(sim.hasEstablishedLeader()).as("two lead alone").isFalse();
        story.boot(Arrays.stream(away).filter(sid -> sid != LEADER).toArray());
        story.awaitAnyLeader();
        story.boot(LEADER, 6);
        story.calm();
        assertThat(members(1).voters()).containsExactly(3, 4, 5);
    }

    /** Servers 4 and 5 are to take the places of 1 and 2. All append that, and nothing comes of it while acks are held. */
    private void replacesTwo(LongPredicate isHeld, List<Runnable> acks, List<Integer> errors) {
        story.boot(4, 5);
        story.awaitServing(4, 5);
        SimClient client = story.at(LEADER);
        story.run(100); // acks of what was before have arrived
        sim.network.tap = (from, to, packet, arrival) ->
                packet.type() == QuorumPacket.ACK && isHeld.test(from) && acks.add(arrival);
        client.ask(all(participant(3), participant(4), participant(5)), a -> errors.add(a.error()));
        story.run(500);
        for (long sid = 1; sid <= 5; sid++) {
            assertThat(members(sid).voters()).as("members that %d shows", sid).containsExactly(1, 2, 3);
            assertThat(isChanging(sid)).as("it is in the history of %d", sid).isTrue();
        }
    }

    @Test
    void allServersAreReplacedAtOnce() {
        story.boot(4, 5, 6);
        story.awaitServing(4, 5, 6);
        story.write(LEADER, "before", 3);
        assertThat(ask(all(participant(4), participant(5), participant(6)))).isZero();
        sim.runUntil(s -> LongStream.of(4, 5, 6).anyMatch(sid -> s.server(sid).isLeading()), LIMIT);
        story.crash(1, 2, 3);
        story.write(4, "after", 3);
        story.boot(1, 2, 3); // they know the new members and follow them
        story.calm();
        assertThat(members(1).voters()).containsExactly(4, 5, 6);
    }

    @Test
    void anObserverSeesAllAndIsPromotedAndDemoted() {
        story.boot(4);
        story.awaitServing(4);
        assertThat(ask(join(observer(4)))).isZero();
        sim.runUntil(
                s -> s.server(4).role() == Peer.Role.OBSERVING && s.server(4).isServing(), LIMIT);
        story.write(LEADER, "seen", 3);
        story.write(4, "through-observer", 3);
        sim.runUntil(s -> story.has(4, "/seen2"), LIMIT);
        assertThat(story.sim.leader().replica().peer().syncedObservers()).isEqualTo(1);
        assertThat(ask(join(participant(4)))).isEqualTo(0);
        sim.runUntil(
                s -> s.server(4).role() == Peer.Role.FOLLOWING && s.server(4).isServing(), LIMIT);
        story.crash(1);
        story.write(LEADER, "four", 3);
        assertThat(ask(join(observer(4)))).isEqualTo(0);
        sim.runUntil(
                s -> s.server(4).role() == Peer.Role.OBSERVING && s.server(4).isServing(), LIMIT);
        story.boot(5, 6);
        story.calm();
    }

    /** As where a bit has flipped in its file. What it promises binds nobody until it votes. */
    @Test
    void anObserverFollowsWhateverItHasAcceptedAndVotesInALaterEpoch() throws IOException {
        story.boot(4);
        story.awaitServing(4);
        assertThat(ask(join(observer(4)))).isZero();
        sim.runUntil(
                s -> s.server(4).role() == Peer.Role.OBSERVING && s.server(4).isServing(), LIMIT);
        long epoch = comesBackHavingAccepted90();
        assertThat(sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        story.crash(4);
        story.boot(4); // once more, with the leader's epoch on its disk
        story.awaitServing(4);
        votesInEpoch91(1, 2, 3, 4);
    }

    /** It promised to follow another, which came to nothing; it acknowledges nothing before it has a vote, and then in a later epoch. */
    @Test
    void aServerWithoutAVoteFollowsWhateverItHasAccepted() throws IOException {
        story.boot(4);
        story.awaitServing(4);
        long epoch = comesBackHavingAccepted90();
        assertThat(ask(join(participant(5)))).isZero(); // is no matter of its
        story.write(LEADER, "more", 3);
        sim.runUntil(s -> s.server(4).isServing() && story.has(4, "/more2"), LIMIT);
        assertThat(sim.leader().replica().peer().epoch()).isEqualTo(epoch);
        votesInEpoch91(1, 2, 3, 4, 5);
    }

    /** Server 4 serves again; returns the epoch that was before. */
    private long comesBackHavingAccepted90() throws IOException {
        story.crash(4);
        story.server(4).disk.persist(new Effect.SaveAcceptedEpoch(90));
        long epoch = sim.leader().replica().peer().epoch();
        story.boot(4);
        story.write(LEADER, "seen", 3);
        sim.runUntil(s -> s.server(4).isServing() && story.has(4, "/seen2"), LIMIT);
        return epoch;
    }

    private void votesInEpoch91(long... voters) {
        assertThat(ask(join(participant(4)))).isZero();
        awaitVoters(4, voters);
        sim.runUntil(
                s -> s.server(4).role() != Peer.Role.OBSERVING && s.server(4).isServing(), LIMIT);
        assertThat(sim.leader().replica().peer().epoch()).isEqualTo(91);
        story.boot(5, 6);
        story.calm();
    }

    /**
     * The leader counted on the follower that it had been when it proposed that, and crashed. Whoever knows the proposal cannot lead
     * without it, and it gets to know it only from whom it follows.
     */
    @Test
    void anObserverVotesOnceItLearnsThatItsVoteIsNeeded() {
        story.boot(4);
        story.awaitServing(4);
        assertThat(ask(join(participant(4)))).isZero();
        awaitVoters(4, 1, 2, 3, 4);
        sim.network.cutOneWay(4, LEADER);
        assertThat(ask(join(observer(4)))).isZero();
        awaitVoters(4, 1, 2, 3);
        story.at(LEADER).ask(all(participant(3), participant(4)), a -> {});
        sim.runUntil(s -> isChanging(1) && isChanging(2), LIMIT);
        story.run(50); // it is on their disks
        story.crash(LEADER);
        sim.network.healAll();
        story.boot(LEADER);
        sim.runUntil(s -> s.servers.stream().anyMatch(SimServer::isLeading), 2 * Simulation.SECOND);
        story.awaitServing(4);
        assertThat(members(4).voters()).containsExactly(3, 4);
        story.boot(5, 6);
        story.calm();
    }

    @Test
    void theLeaderBecomesAnObserver() {
        handsOverBy(join(observer(3)));
        sim.runUntil(
                s -> s.server(3).role() == Peer.Role.OBSERVING && s.server(3).isServing(), LIMIT);
        story.write(1, "after", 3);
        story.boot(4, 5, 6);
        story.calm();
    }

    @Test
    void refusesAsApacheDoes() {
        assertThat(ask(join(participant(4)))).isZero(); // three of four keep up
        assertThat(ask(all(participant(3), participant(5), participant(6))))
                .isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM.code());
        assertThat(ask(new Request.Reconfig(null, "1", null, 7))).isEqualTo(ErrorCode.BAD_VERSION.code());
        assertThat(ask(new Request.Reconfig(null, "4", null, members(LEADER).version())))
                .isZero();
        assertThat(ask(leave("1,2"))).isEqualTo(ErrorCode.BAD_ARGUMENTS.code());
        List<Integer> errors = new ArrayList<>();
        story.at(LEADER).ask(leave("1"), a -> errors.add(a.error()));
        story.at(LEADER).ask(join(participant(1)), a -> errors.add(a.error()));
        sim.runUntil(s -> errors.size() == 2, LIMIT);
        assertThat(errors).containsExactly(0, ErrorCode.RECONFIG_IN_PROGRESS.code());
        story.boot(4, 5, 6);
        story.calm();
    }

    /** They are linked, and have what was sent, but have not forced it. */
    @Test
    void whoIsBehindIsNoPartOfAQuorumToBe() {
        story.write(LEADER, "before", 3);
        for (long sid : new long[] {4, 5}) {
            story.boot(sid);
            story.server(sid).holdDisk();
        }
        sim.runUntil(
                s -> s.server(4).role() == Peer.Role.FOLLOWING && s.server(5).role() == Peer.Role.FOLLOWING, LIMIT);
        Request.Reconfig withThem = all(participant(3), participant(4), participant(5));
        assertThat(ask(withThem)).isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM.code());
        story.server(4).releaseDisk();
        story.awaitServing(4);
        assertThat(ask(withThem)).isZero();
        story.server(5).releaseDisk();
        story.boot(6);
        story.calm();
    }

    @Test
    void whatANewLeaderFindsInItsHistoryItCompletes() {
        story.boot(4);
        story.awaitServing(4);
        story.at(LEADER);
        sim.network.tap = (from, to, packet, arrival) -> from != LEADER && packet.type() == QuorumPacket.ACK;
        story.at(LEADER).ask(join(participant(4)), a -> {});
        sim.runUntil(
                s -> s.server(1).replica().peer().isReconfiguring()
                        && s.server(1).disk.pending() == 0,
                LIMIT);
        story.crash(LEADER);
        sim.network.tap = (from, to, packet, arrival) -> false;
        story.awaitAnyLeader();
        for (long sid : new long[] {1, 2, 4}) awaitVoters(sid, 1, 2, 3, 4);
        story.boot(3, 5, 6);
        story.calm();
        assertThat(members(3).voters()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void whatNobodyElseSawIsGoneAndDoesNotCount() {
        story.boot(4);
        story.awaitServing(4);
        story.at(LEADER);
        story.isolate(LEADER);
        story.at(LEADER).ask(all(participant(3), participant(4), participant(5)), a -> {});
        story.at(LEADER).ask(join(participant(4)), a -> {});
        sim.runUntil(s -> s.server(1).isLeading() || s.server(2).isLeading(), LIMIT);
        story.write(1, "meanwhile", 3);
        sim.network.healAll();
        story.awaitServing(3);
        awaitVoters(3, 1, 2, 3);
        story.run(500); // its client has heard that it was away
        assertThat(ask(leave("1"))).isZero(); // nothing is under way any more
        story.boot(5, 6);
        story.calm();
    }

    @Test
    void aServerThatWasAwayLearnsTheMembers() {
        story.boot(4);
        story.awaitServing(4);
        story.crash(1);
        assertThat(ask(join(participant(4)))).isZero();
        story.crash(2, 3, 4);
        story.boot(1, 2, 3, 4, 5, 6);
        story.calm();
        for (long sid = 1; sid <= 6; sid++) assertThat(members(sid).voters()).containsExactly(1, 2, 3, 4);
    }

    /** Nobody is where it was but an observer, whose vote does not count; its word on who the members are does. */
    @Test
    void aServerThatWasAwayAsksObserversWhenAllVotersHaveMoved() {
        story.boot(4);
        story.awaitServing(4);
        assertThat(ask(join(observer(4)))).isZero();
        story.crash(1);
        assertThat(ask(join(Simulation.line(2, "participant", 1)))).isZero();
        story.awaitServing(2, LEADER, 4);
        assertThat(ask(join(Simulation.line(LEADER, "participant", 1)))).isZero();
        story.awaitAnyLeader();
        story.awaitServing(2, LEADER, 4);
        story.boot(1);
        story.awaitServing(1);
        story.boot(5, 6);
        story.calm();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLostWhileMembersChange(long seed) {
        Tally tally = Shrinker.run(() -> ordeal(seed, random -> {})).sim.tally;
        seedsRun++;
        changesOfAllSeeds += tally.of("changes of members");
        groupedOfAllSeeds += tally.of("changes to members in groups");
        movesOfAllSeeds += tally.of("members that moved");
        if (isMixed(seed)) changesOfMixedSeeds += tally.of("changes of members");
    }

    enum Mutant {
        ACTIVATES_BEFORE_IT_IS_COMMITTED,
        STARTS_WITH_ITS_FIRST_MEMBERS
    }

    @ParameterizedTest
    @EnumSource
    void mutantsAreFound(Mutant mutant) {
        long seed = 0;
        while (seed < MUTANT_SEEDS_MAX && !isFound(seed, mutant)) seed++;
        assertThat(seed).as("seeds that %s survived", mutant).isLessThan(MUTANT_SEEDS_MAX);
    }

    private static boolean isFound(long seed, Mutant mutant) {
        try {
            ordeal(seed, random -> {
                        switch (mutant) {
                            case ACTIVATES_BEFORE_IT_IS_COMMITTED ->
                                random.network.tamper = Mutants.activatingAtOnce(random);
                            case STARTS_WITH_ITS_FIRST_MEMBERS -> random.forgetsMembers = true;
                        }
                    })
                    .run();
            return false;
        } catch (AssertionError | Invariant.Broken found) {
            return String.valueOf(found.getMessage()).contains("is shown to clients and not on the disks of a quorum");
        }
    }

    /** Whether some servers may speak as Apache's do. */
    private static boolean isMixed(long seed) {
        return seed % 4 == 3;
    }

    private static Ordeal ordeal(long seed, Consumer<Simulation> plant) {
        return new Ordeal(ReconfigurationTest.class, seed, random -> {
            random.changeable(3);
            if (!isMixed(seed)) random.network.apacheAlike.clear();
            random.grouped = seed % 2 == 1;
            random.moves = seed % 5 > 2;
            plant.accept(random);
        });
    }
}
