package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cases of the museum that no disk or link of the simulator can bring back: the code itself is changed, and its own test must see it. */
class PatchedMuseumTest {
    private static final String NODE = "dev.paddock.node.";
    private static final int SEEDS_MAX = 60; // as many as run always

    @Test
    void m9IsFoundWhereACommitThatIsToldTwiceEndsTheLink() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Following",
                                "lastCommitted",
                                code -> code.pop().loadConstant(0L))
                        .failure(NODE + "sim.MuseumTest", "m9AcksMayComeInAnyOrder"))
                .isPresent();
    }

    @Test
    void m21IsFoundWhereAnUnfinishedFileIsLeftInTheWay() {
        assertThat(PatchedCopy.ofCall(NODE + "log.EpochFiles", "delete", code -> code.pop2())
                        .failure(NODE + "log.StorageTest", "powerLostAtAnyStepLeavesTheOldOrTheNewEpoch", 1L))
                .isPresent();
    }

    @Test
    void m24IsFoundWhereAllWatchesOfAClientAreTooMany() {
        assertThat(PatchedCopy.ofConstant(NODE + "front.FrontLimits", 128L << 20, 1L << 20)
                        .failure(NODE + "front.ManyWatchesTest", "comesBackWithAHundredThousandWatches"))
                .isPresent();
    }

    @Test
    void m24IsFoundWhereATransactionMayBeOfAnySize() {
        assertThat(PatchedCopy.ofField(
                                NODE + "replica.LeaderDesk",
                                "txnBytesMax",
                                code -> code.pop().loadConstant(Integer.MAX_VALUE))
                        .failure(NODE + "sim.ClientMuseumTest", "m24WhatFitsARequestAndNoTransactionIsRefused"))
                .isPresent();
    }

    @Test
    void m25IsFoundWhereNumbersOfNamesHaveNoEnd() {
        assertThat(PatchedCopy.ofConstant(NODE + "request.WriteRules", Integer.MAX_VALUE, Integer.MIN_VALUE)
                        .failure(NODE + "request.PreparerTest", "countersEndWell"))
                .isPresent();
    }

    @Test
    void m26IsFoundWhereAMissingAclEndsTheReading() {
        assertThat(PatchedCopy.ofField(
                                NODE + "log.SnapshotDecoder",
                                "NOBODY",
                                code -> code.aconst_null().athrow())
                        .failure(NODE + "log.SnapshotCodecTest", "aZnodeWhoseAclIsMissingIsClosedToEveryone"))
                .isPresent();
    }

    @Test
    void m31IsFoundWhereAllKindsOfWatchesGoAtOnce() {
        assertThat(IntStream.range(0, SEEDS_MAX)
                        .anyMatch(seed -> PatchedCopy.ofCall(
                                        NODE + "watch.WatchTable",
                                        "bitsOfWatcherType",
                                        code -> code.pop().loadConstant(0xff))
                                .failure(
                                        NODE + "watch.WatchTableAgainstApacheTest", "firesWhatApacheFires", (long) seed)
                                .isPresent()))
                .isTrue();
    }

    @Test
    void m35IsFoundWhereNobodyLooksWhetherALearnerReads() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "net.QuorumLink",
                                "isWritable",
                                code -> code.pop().loadConstant(1))
                        .failure(
                                NODE + "net.QuorumPortTest",
                                "aLearnerThatStopsReadingHoldsUpNobodyAndTakesLittleMemory"))
                .isPresent();
    }

    @Test
    void m31IsFoundWhereEventsGoToWhoMayNotRead() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "front.Watching",
                                "permits",
                                code -> code.pop2().pop2().loadConstant(1))
                        .failure(NODE + "front.FrontendTest", "whoMayNotReadHearsOfNothing"))
                .isPresent();
    }
}
