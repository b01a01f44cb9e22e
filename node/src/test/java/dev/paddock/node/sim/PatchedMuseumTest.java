package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.zab.ProtocolException;
import java.nio.file.FileAlreadyExistsException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Cases of the museum that no disk or link of the simulator can bring back: the code itself is changed, and its own test must see it. */
class PatchedMuseumTest {
    private static final String NODE = "dev.paddock.node.";
    private static final int SEEDS_MAX = 60; // as many as run always

    @Test
    void m3IsFoundWhereTheChecksumOfARecordIsNotLookedAt() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.LogFileReader",
                                "checksum",
                                code -> code.pop().lload(3)) // what is written in its place
                        .isFoundBy(NODE + "sim.StorageMuseumTest", "m3AFlippedBitIsNotBelieved"))
                .isTrue();
    }

    @Test
    void m9IsFoundWhereACommitThatIsToldTwiceEndsTheLink() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Following",
                                "lastCommitted",
                                code -> code.pop().loadConstant(0L))
                        .isFoundBy(NODE + "sim.MuseumTest", "m9AcksMayComeInAnyOrder"))
                .isTrue();
    }

    @Test
    void m21IsFoundWhereAnUnfinishedFileIsLeftInTheWay() {
        assertThat(PatchedCopy.ofCall(NODE + "log.TextFile", "deleteIfThere", code -> code.pop2())
                        .throwing(FileAlreadyExistsException.class)
                        .isFoundBy(NODE + "log.StorageTest", "powerLostAtAnyStepLeavesTheOldOrTheNewEpoch", 1L))
                .isTrue();
    }

    @Test
    void m24IsFoundWhereAllWatchesOfAClientAreTooMany() {
        assertThat(PatchedCopy.ofConstant(NODE + "front.FrontLimits", 128L << 20, 1L << 20)
                        .isFoundBy(NODE + "front.ManyWatchesTest", "comesBackWithAHundredThousandWatches"))
                .isTrue();
    }

    @Test
    void m24IsFoundWhereATransactionMayBeOfAnySize() {
        assertThat(PatchedCopy.ofField(
                                NODE + "replica.LeaderDesk",
                                "txnBytesMax",
                                code -> code.pop().loadConstant(Integer.MAX_VALUE))
                        .isFoundBy(NODE + "sim.ClientMuseumTest", "m24WhatFitsARequestAndNoTransactionIsRefused"))
                .isTrue();
    }

    @Test
    void m25IsFoundWhereNumbersOfNamesHaveNoEnd() {
        assertThat(PatchedCopy.ofConstant(NODE + "request.WriteRules", Integer.MAX_VALUE, Integer.MIN_VALUE)
                        .isFoundBy(NODE + "request.PreparerTest", "countersEndWell"))
                .isTrue();
    }

    @Test
    void m25IsFoundWhereAVersionMayBecomeTheOneThatMeansAny() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "request.WriteRules",
                                "following",
                                code -> code.loadConstant(1).iadd())
                        .isFoundBy(NODE + "request.PreparerTest", "countersEndWell"))
                .isTrue();
    }

    @Test
    void m25IsFoundWhereNobodyLooksWhetherTheEpochIsUsedUp() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Leading",
                                "isHere",
                                code -> code.pop2().pop().loadConstant(0))
                        .throwing(ProtocolException.class)
                        .isFoundBy(NODE + "sim.RollOverTest", "aSingleServerDoesNotStop"))
                .isTrue();
    }

    @Test
    void m26IsFoundWhereAMissingAclEndsTheReading() {
        assertThat(PatchedCopy.ofField(
                                NODE + "log.SnapshotDecoder",
                                "NOBODY",
                                code -> code.aconst_null().athrow())
                        .throwing(NullPointerException.class)
                        .isFoundBy(NODE + "log.SnapshotCodecTest", "aZnodeWhoseAclIsMissingIsClosedToEveryone"))
                .isTrue();
    }

    @Test
    void m31IsFoundWhereAllKindsOfWatchesGoAtOnce() {
        assertThat(LongStream.range(0, SEEDS_MAX)
                        .anyMatch(seed -> PatchedCopy.ofCall(
                                        NODE + "watch.WatchTable",
                                        "bitsOfWatcherType",
                                        code -> code.pop().loadConstant(0xff))
                                .isFoundBy(NODE + "watch.WatchTableAgainstApacheTest", "firesWhatApacheFires", seed)))
                .isTrue();
    }

    @Test
    void m35IsFoundWhereNobodyLooksWhetherALearnerReads() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "net.QuorumLink",
                                "isWritable",
                                code -> code.pop().loadConstant(1))
                        .isFoundBy(
                                NODE + "net.QuorumPortTest",
                                "aLearnerThatStopsReadingHoldsUpNobodyAndTakesLittleMemory"))
                .isTrue();
    }

    @Test
    void m31IsFoundWhereEventsGoToWhoMayNotRead() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "front.Watching",
                                "permits",
                                code -> code.pop2().pop2().loadConstant(1))
                        .isFoundBy(NODE + "front.FrontendTest", "whoMayNotReadHearsOfNothing"))
                .isTrue();
    }
}
