package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.wire.Acl;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stories as in {@link MuseumTest}, of what a disk holds after a crash. */
class DiskMuseumTest {

    // M14, ZOOKEEPER-3127, -3144, -3125, -3145: a snapshot that was taken amid a transaction.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m14ASnapshotHoldsWholeTransactions(boolean onFiles) throws IOException {
        m14(new Script(3).onFiles(onFiles));
    }

    @Test
    void m14IsFoundWhereASnapshotHoldsHalfAMulti() {
        assertThatThrownBy(() -> m14(new Script(3).on(BrokenDisks.HalfMultiDisk::new, 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("differs at");
    }

    private static void m14(Script story) throws IOException {
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1);
        boolean[] done = {false};
        story.at(3).ask(new Request.Multi(List.of(create("/half"), create("/whole"))), a -> done[0] = true);
        story.sim.runUntil(s -> done[0] && story.has(1, "/whole"), Script.LIMIT);
        story.run(50);
        story.server(1).disk.snapshot(story.server(1).replica().committed());
        story.crash(1);
        story.boot(1);
        story.awaitServing(1);
        assertThat(story.has(1, "/half")).isTrue();
        story.calm();
    }

    private static Request.Create create(String path) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0);
    }

    // M17, ZOOKEEPER-4541, -4712, -2380: the log of a server has two writers, one of before its restart.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m17AServerThatDiedWritesNoMore(boolean onFiles) {
        m17(new Script(3).onFiles(onFiles));
    }

    @Test
    void m17IsFoundWhereTheOldWriterGoesOn() {
        assertThatThrownBy(() -> m17(new Script(3).on(BrokenDisks.TwoWritersDisk::new, 3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("differs at");
    }

    private static void m17(Script story) {
        story.sim.oracle.watchesDisks = false;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 2);
        story.isolate(3);
        story.server(3).holdDisk();
        story.ask(3, "/x"); // asked of the disk of 3, and of nobody else
        story.run(50);
        story.crash(3);
        story.awaitLeader(2);
        story.write(2, "b", 2);
        story.sim.network.healAll();
        story.boot(3);
        story.awaitServing(3);
        story.write(2, "c", 5);
        story.run(100);
        story.crash(3);
        story.boot(3);
        story.awaitServing(3);
        assertThat(story.has(3, "/x")).isFalse();
        story.calm();
    }

    // M20, ZOOKEEPER-3701: the disk is full when a follower is told to cut its log.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m20WhatWasCutStaysCut(boolean onFiles) throws IOException {
        rejoins(new Script(3).onFiles(onFiles), false);
    }

    @Test
    void m20IsFoundWhereOnlyMemoryWasCut() {
        assertThatThrownBy(() -> rejoins(new Script(3).on(BrokenDisks.UncutDisk::new, 3), false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what nobody else has");
    }

    // M38, seen in Keeper: a former leader gets a snapshot, and its log of before comes to life again.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m38ASnapshotReplacesTheLog(boolean onFiles) throws IOException {
        rejoins(new Script(3).onFiles(onFiles), true);
    }

    @Test
    void m38IsFoundWhereTheLogStaysUnderTheSnapshot() {
        assertThatThrownBy(() -> rejoins(new Script(3).on(BrokenDisks.KeepsLogDisk::new, 3), true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what nobody else has");
    }

    /**
     * A leader that is cut off logs what nobody else ever gets; it comes back, follows, and starts again.
     *
     * @param bySnapshot whether the next leader has nothing in memory to compare with, so that it sends a snapshot
     */
    private static void rejoins(Script story, boolean bySnapshot) throws IOException {
        story.sim.oracle.watchesDisks = false;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.run(50);
        story.isolate(3);
        for (int i = 0; i < 9; i++) story.ask(3, "/x" + i);
        story.run(50); // now on the disk of 3 only
        story.awaitLeader(2);
        if (bySnapshot) {
            for (long sid : new long[] {1, 2})
                story.server(sid).disk.snapshot(story.server(2).replica().committed());
            story.crash(1, 2);
            story.boot(1, 2);
            story.awaitLeader(2);
        }
        story.sim.network.healAll();
        story.sim.runUntil(s -> story.server(3).isServing() && !story.server(3).isLeading(), Script.LIMIT);
        assertThat(story.has(3, "/x8")).as("what nobody else has").isFalse();
        story.crash(1, 2, 3);
        story.boot(1, 3);
        long leader = story.awaitAnyLeader();
        assertThat(story.has(leader, "/x8")).as("what nobody else has").isFalse();
        assertThat(story.has(leader, "/a2")).isTrue();
        story.calm();
    }

    // M38, the other half: a crash between the removal of the log and the snapshot that replaces it.

    @ParameterizedTest(name = "on files: {0}, crash after {1}")
    @MethodSource("m38Crashes")
    void m38TheLogStaysUntilTheSnapshotIsThere(boolean onFiles, int crashAfter) {
        amidAnInstall(new Script(3).onFiles(onFiles), crashAfter);
    }

    static Stream<Arguments> m38Crashes() {
        return Script.onBoth(IntStream.rangeClosed(1, 3));
    }

    @Test
    void m38IsFoundWhereTheLogGoesFirst() {
        assertThatThrownBy(() -> {
                    for (int crashAfter = 1; crashAfter < 4; crashAfter++)
                        amidAnInstall(new Script(3).on(Mutants.LogFirstDisk::new, 1), crashAfter);
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("leads without what was shown to clients before");
    }

    private static void amidAnInstall(Script story, int crashAfter) {
        story.sim.oracle.watchesDisks = false;
        story.sim.forcesOneByOne = true;
        story.sim.commitLogCount = 1;
        story.boot(1, 2);
        story.awaitLeader(2);
        story.write(2, "b", 5); // on 1 and 2 only
        story.run(50);
        story.isolate(2);
        for (int i = 0; i < 3; i++) story.ask(2, "/x" + i);
        story.run(50); // and these on 2 only
        story.crash(1, 2);
        story.sim.network.healAll();
        boolean[] isSent = {false};
        story.sim.network.tap = (from, to, packet, arrival) -> {
            isSent[0] |= packet.type() == QuorumPacket.SNAP && to == 1;
            return false;
        };
        int before = story.server(1).disk.performed;
        story.boot(1, 2); // 2 leads, and remembers too little to compare with
        story.sim.runUntil(s -> story.server(1).disk.performed >= before + crashAfter, Script.LIMIT);
        assertThat(isSent[0] || crashAfter == 1).as("a snapshot is sent").isTrue();
        story.crash(1, 2);
        story.boot(1, 3);
        long leader = story.awaitAnyLeader();
        assertThat(story.has(leader, "/b4")).isTrue();
        story.calm();
    }

    // M37, ZOOKEEPER-3526: committed history is cut.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m37OnlyWhatTheLeaderLacksIsCut(boolean onFiles) {
        m37(new Script(3).onFiles(onFiles), false);
    }

    @Test
    void m37IsFoundWhereTooMuchIsCut() {
        assertThatThrownBy(() -> m37(new Script(3), true))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s).* committed .* after .*, another after .*");
    }

    private static void m37(Script story, boolean cutsTooMuch) {
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.write(3, "a", 3);
        story.at(2);
        story.isolate(3);
        story.ask(3, "/x");
        story.run(50);
        story.awaitLeader(2);
        if (cutsTooMuch) story.sim.network.tamper = BrokenLinks.cuttingTooMuch(story.sim);
        story.crash(3); // a server that runs knows what is committed and refuses
        story.sim.network.healAll();
        story.boot(3);
        story.sim.runUntil(s -> story.server(3).isServing() && !story.server(3).isLeading(), Script.LIMIT);
        assertThat(story.has(3, "/a2")).isTrue();
        story.calm();
    }

    // M39, etcd's 14370: a server that is alone answers before it has forced.

    @ParameterizedTest(name = "on files: {0}")
    @ValueSource(booleans = {false, true})
    void m39AServerThatIsAloneForcesBeforeItAnswers(boolean onFiles) {
        m39(new Script(1).onFiles(onFiles));
    }

    @Test
    void m39IsFoundWhereItAnswersFirst() {
        assertThatThrownBy(() -> m39(new Script(1).on(() -> new Mutants.EarlyDisk(1), 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("leads without what was shown to clients before");
    }

    private static void m39(Script story) {
        story.sim.oracle.watchesDisks = false;
        story.boot(1);
        story.awaitLeader(1);
        story.write(1, "a", 5);
        story.crash(1);
        story.boot(1);
        story.awaitLeader(1);
        assertThat(story.has(1, "/a4")).isTrue();
        story.calm();
    }
}
