package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.log.DamagedLogException;
import dev.paddock.node.zab.ProtocolException;
import dev.paddock.testing.PatchedCopy;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileAlreadyExistsException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Cases of the museum planted in the code itself, which its own test must see; those about history are in {@link PatchedHistoryTest}. */
class PatchedMuseumTest {
    private static final String NODE = "dev.paddock.node.";
    private static final String RECONFIGURATIONS = NODE + "sim.ReconfigurationTest";
    private static final int SEEDS_MAX = 60; // as many as run always
    private static final ClassDesc TXN_LOG = ClassDesc.of(NODE + "log.FileTxnLog");
    private static final ClassDesc MARK = ClassDesc.of(NODE + "log.ForcedMark");
    private static final ClassDesc CHAIN = ClassDesc.of(NODE + "log.Chain");
    private static final ClassDesc MEMBERSHIP = ClassDesc.of(NODE + "zab.Membership");
    private static final ClassDesc MEMBERS = ClassDesc.of(NODE + "members.Members");
    private static final ClassDesc STRETCH = ClassDesc.of(NODE + "log.Stretch");

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
    void m14IsFoundWhereADeleteOfWhatIsGoneDoesNotMoveItsParent() {
        assertThat(PatchedCopy.ofCall(NODE + "tree.Edit", "max(JJ)J", PatchedMuseumTest::unlessTheNodeIsGone)
                        .isFoundBy(NODE + "tree.DatabaseTest", "replayMovesTheParentOfWhatIsGoneAlready", false))
                .isTrue();
    }

    /** In {@code Edit.delete}, which has what it deletes in its variable 5. */
    private static void unlessTheNodeIsGone(CodeBuilder code) {
        var longs = MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long);
        code.aload(5)
                .ifThenElse(
                        Opcode.IFNONNULL,
                        there -> there.invokestatic(ClassDesc.of("java.lang.Math"), "max", longs),
                        gone -> gone.pop2());
    }

    @Test
    void m14IsFoundWhereTheEndOfASessionDeletesOnlyWhatIsThere() {
        assertThat(PatchedCopy.ofCall(NODE + "tree.Edit", "forEach", code -> code.pop2())
                        .isFoundBy(NODE + "tree.DatabaseTest", "replayMovesTheParentOfWhatIsGoneAlready", true))
                .isTrue();
    }

    @Test
    void m20IsFoundWhereWhatAForceFailedOnIsTakenForForced() {
        assertThat(PatchedCopy.ofCall(NODE + "log.Recovery", "writeAgain", code -> code.pop2())
                        .throwing(DamagedLogException.class)
                        .saying("what was between them is missing")
                        .isFoundBy(NODE + "log.RecoveryForcesTest", "whatAForceFailedOnIsWrittenAgain"))
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
    void m24IsFoundWhereAPageOfChildrenIsOfAnySize() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "request.ChildPages",
                                "nameLength",
                                code -> code.pop().loadConstant(Integer.MIN_VALUE))
                        .isFoundBy(NODE + "request.ChildPagesTest", "aMillionChildrenFitIntoSmallFrames"))
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

    @Test
    void m30IsFoundWhereWhatAWatchMissedIsNotTold() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "front.Watching",
                                "missed",
                                code -> code.pop2().pop2())
                        .saying("was not told")
                        .isFoundBy(NODE + "sim.ClientMuseumTest", "m30AWatchFiresAtAnotherServerForWhatWasMissed"))
                .isTrue();
    }

    @Test
    void m36IsFoundWhereFilesDoNotSayWhoTheMembersAre() {
        assertThat(PatchedCopy.ofField(
                                NODE + "zab.Membership",
                                "changeable",
                                code -> code.pop().loadConstant(1))
                        .saying("voters of server")
                        .isFoundBy(NODE + "sim.ClientMuseumTest", "m36AServerThatIsAddedToTheFilesLeads"))
                .isTrue();
    }

    @Test
    void m38IsFoundWhereTheLogIsRemovedFirst() {
        ClassDesc storage = ClassDesc.of(NODE + "log.Storage");
        ClassDesc log = ClassDesc.of(NODE + "log.TxnLog");
        ClassDesc database = ClassDesc.of(NODE + "tree.Database");
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.Storage",
                                "writeForInstalling",
                                code -> code.aload(0)
                                        .invokevirtual(storage, "log", MethodTypeDesc.of(log))
                                        .aload(1)
                                        .invokevirtual(database, "lastZxid", MethodTypeDesc.of(ConstantDescs.CD_long))
                                        .invokeinterface(
                                                log,
                                                "restartAfter",
                                                MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long))
                                        .invokevirtual(
                                                ClassDesc.of(NODE + "log.SnapshotStore"),
                                                "writeForInstalling",
                                                MethodTypeDesc.of(ConstantDescs.CD_void, database)))
                        .saying("the old history")
                        .isFoundBy(NODE + "log.StorageTest", "powerLostAtAnyStepOfAnInstallLeavesTheOldOrTheNew", 0L))
                .isTrue();
    }

    @Test
    void m39IsFoundWhereFilesAreNotForced() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.FileTxnLog",
                                "isForced",
                                code -> code.pop().loadConstant(0))
                        .saying("leads without what was shown to clients before")
                        .isFoundBy(NODE + "sim.DiskMuseumTest", "m39AServerThatIsAloneForcesBeforeItAnswers", true))
                .isTrue();
    }

    @Test
    void m39IsFoundWhereTheMarkIsWrittenBeforeWhatItCovers() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.FileTxnLog",
                                "forceFile",
                                code -> code.getfield(TXN_LOG, "mark", MARK)
                                        .aload(0)
                                        .getfield(TXN_LOG, "chain", CHAIN)
                                        .invokevirtual(CHAIN, "stretch", MethodTypeDesc.of(STRETCH))
                                        .invokevirtual(
                                                MARK, "forced", MethodTypeDesc.of(ConstantDescs.CD_void, STRETCH))
                                        .aload(0)
                                        .invokevirtual(TXN_LOG, "forceFile", MethodTypeDesc.of(ConstantDescs.CD_void)))
                        .throwing(DamagedLogException.class)
                        .saying("was acknowledged")
                        .isFoundBy(NODE + "log.SeamsTest", "aProcessThatDiesAtAnyStepLeavesAWholeLog"))
                .isTrue();
    }

    @Test
    void m40IsFoundWhereNobodyAsksWhatAClientHasSeen() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "front.Handshake",
                                "lastZxidSeen",
                                code -> code.pop().loadConstant(0L))
                        .saying("sees an older state than it saw")
                        .isFoundBy(NODE + "sim.ClientMuseumTest", "m40AServerThatIsBehindSendsTheClientAway"))
                .isTrue();
    }

    @Test
    void aReconfigurationThatTheOldMembersAloneCommitIsFound() {
        assertThat(PatchedCopy.ofCall(NODE + "zab.Leading", "min(JJ)J", CodeBuilder::pop2)
                        .in("commitAcked")
                        .saying("members that")
                        .isFoundBy(RECONFIGURATIONS, "eitherMajorityAloneCommitsNothing", 4L, 5L))
                .isTrue();
    }

    @Test
    void aReconfigurationThatTheNewMembersAloneCommitIsFound() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Leading",
                                "min(JJ)J",
                                code -> code.dup2_x2().pop2().pop2())
                        .in("commitAcked")
                        .saying("members that")
                        .isFoundBy(RECONFIGURATIONS, "eitherMajorityAloneCommitsNothing", 1L, 2L))
                .isTrue();
    }

    @Test
    void aLeaderOfTheOldMembersAloneIsFound() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Membership",
                                "isChanging",
                                code -> code.pop().loadConstant(0))
                        .in("isQuorum")
                        .saying("led by")
                        .isFoundBy(RECONFIGURATIONS, "eitherMajorityAloneElectsNobody", 1L, 2L))
                .isTrue();
    }

    @Test
    void aLeaderOfTheNewMembersAloneIsFound() {
        assertThat(PatchedCopy.ofField(
                                NODE + "zab.Membership",
                                "committed",
                                code -> code.getfield(MEMBERSHIP, "proposed", MEMBERS))
                        .in("isQuorum")
                        .saying("two lead alone")
                        .isFoundBy(RECONFIGURATIONS, "eitherMajorityAloneElectsNobody", 4L, 5L))
                .isTrue();
    }
}
