package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.zab.Peer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that do not know any more which epoch they promised to follow, or which one's history they took over. */
class ForgottenPromiseTest {
    private static final int SEEDS = 750;
    private static int ran;
    private static long learned; // histories, by servers that could not vote, of all seeds

    private Script story;

    /** Of those whose disks are damaged. */
    static LongStream seeds() {
        return Seeds.chosen(SEEDS).filter(seed -> seed % 5 == 1 || seed % 5 == 3);
    }

    @AfterAll
    static void someServersOnlyLearned() {
        if (ran >= SEEDS * 2 / 5) assertThat(learned).isPositive(); // fewer tell nothing of all
    }

    private void begin(int servers) {
        begin(servers, StoredDisk::new);
    }

    private void begin(int servers, Supplier<StoredDisk> disk) {
        story = new Script(servers);
        for (long sid = 1; sid <= servers; sid++) {
            story.server(sid).disk = disk.get();
            story.boot(sid);
        }
        story.sim.oracle.watchesDisks = false;
        story.awaitAnyLeader();
        story.awaitServing(1, 2, 3);
        story.write(1, "a", 20);
        story.run(50);
    }

    /** And with it what we noted of it: as if Apache's server had run since then. */
    private void lose(long sid, String file) {
        StoredDisk disk = (StoredDisk) story.server(sid).disk;
        disk.folder.lose(file);
        disk.folder.lose("promised");
    }

    @Test
    void aThirdServerComesBackWithTheOthers() {
        aThirdServerComesBack(StoredDisk::new);
    }

    @Test
    void isFoundWhereWhatIsLeftIsTakenForAllPromises() {
        assertThatThrownBy(() -> aThirdServerComesBack(BrokenDisks.TrustsEpochsDisk::new))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what 3 has promised");
    }

    private void aThirdServerComesBack(Supplier<StoredDisk> disk) {
        begin(3, disk);
        story.crash(1);
        story.write(3, "b", 20);
        story.run(50);
        story.crash(2, 3);
        lose(3, "acceptedEpoch");
        story.boot(1, 3);
        story.run(3_000);
        assertThat(story.server(1).isServing() || story.server(3).isServing())
                .as("only 2 knows what was acknowledged last, and what 3 has promised")
                .isFalse();
        story.boot(2);
        story.awaitServing(1, 2, 3);
        assertThat(story.has(3, "/b19")).isTrue();
        story.crash(1);
        story.awaitServing(2, 3); // it votes again
        story.write(3, "c", 5);
        story.calm();
    }

    /** 4 may lead an epoch that 3 has promised, so 3 serves and does not vote until 4 has said whom it follows. */
    @Test
    void withAnotherDownItServesWithoutAVote() {
        begin(5);
        story.crash(3, 4);
        lose(3, "acceptedEpoch");
        story.boot(3);
        story.awaitServing(3);
        assertThat(story.server(3).role()).isEqualTo(Peer.Role.OBSERVING);
        story.write(3, "b", 20);
        story.write(1, "c", 20);
        story.crash(3);
        story.boot(3); // it has the history of the leader, and knows no more of its promises
        story.awaitServing(3);
        assertThat(story.server(3).role()).isEqualTo(Peer.Role.OBSERVING);
        long other = story.sim.leader().sid == 1 ? 2 : 1;
        story.crash(other);
        story.run(3_000);
        assertThat(story.sim.servers)
                .as("two of five and one without a vote")
                .noneMatch(server -> server.isUp() && server.isServing());
        story.boot(other);
        story.awaitServing(3);
        story.boot(4);
        story.awaitServing(4);
        story.sim.runUntil(s -> story.server(3).role() == Peer.Role.FOLLOWING, Script.LIMIT);
        story.awaitServing(3);
        story.crash(other); // it votes again
        story.write(3, "d", 5);
        assertThat(story.has(3, "/c19")).isTrue();
        story.calm();
    }

    @Test
    void twoOfThemDoNotWaitForEachOther() {
        begin(5);
        story.crash(3, 4);
        lose(3, "acceptedEpoch");
        lose(4, "acceptedEpoch");
        story.boot(3);
        story.awaitServing(3);
        story.boot(4);
        for (long sid : new long[] {3, 4}) {
            story.sim.runUntil(s -> story.server(sid).role() == Peer.Role.FOLLOWING, Script.LIMIT);
        }
        story.awaitServing(3, 4);
        story.calm();
    }

    /** It would count who only learns for a follower, and lead on without a quorum. */
    @Test
    void fromALeaderOfApachesItLearnsNothing() {
        begin(5);
        story.sim.servers.forEach(story.sim.network.apacheAlike::add);
        story.crash(1, 2, 3, 4, 5);
        lose(3, "acceptedEpoch");
        story.boot(1, 2, 5);
        story.awaitServing(1, 2, 5);
        story.boot(3);
        story.run(5_000);
        assertThat(story.server(3).isServing()).isFalse();
        story.boot(4);
        story.awaitServing(3, 4);
        assertThat(story.server(3).role()).isEqualTo(Peer.Role.FOLLOWING);
        story.calm();
    }

    /** What is damaged amid faults is what tells of epochs. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingAcknowledgedIsLostWherePromisesAre(long seed) {
        ran++;
        Shrinker.run(() -> new Ordeal(ForgottenPromiseTest.class, seed, random -> {
            random.damageable = file -> file.endsWith("Epoch") || file.equals("promised");
            random.at(10 * Simulation.SECOND, () -> learned += random.tally.of(Damages.LEARNED));
        }));
    }
}
