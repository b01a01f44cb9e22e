package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.log.DamagedFileException;
import dev.paddock.testing.PatchedCopy;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link PatchedMuseumTest}: what keeps history, reads it back and passes it on is changed. */
class PatchedHistoryTest {
    private static final String NODE = "dev.paddock.node.";
    private static final MethodTypeDesc ZXID = MethodTypeDesc.of(ConstantDescs.CD_long);
    private static final ClassDesc HISTORY = ClassDesc.of(NODE + "zab.History");
    private static final ClassDesc DATABASE = ClassDesc.of(NODE + "tree.Database");

    @Test
    void m2IsFoundWhereZerosAreTheEndWhateverFollows() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.LogFileReader",
                                "firstNonZero",
                                code -> code.pop2().pop().loadConstant(-1L))
                        .in("step")
                        .saying("12 bytes at")
                        .isFoundBy(NODE + "log.LogDamageTest", "everyZeroedLengthOrPageInTheMiddleIsRefused", 0))
                .isTrue();
    }

    @Test
    void m4IsFoundWhereAnyZxidFollowsAnother() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.LogReader",
                                "follows",
                                code -> code.pop2().pop2().loadConstant(1))
                        .saying("Expecting code to raise a throwable")
                        .isFoundBy(NODE + "log.LogDamageTest", "refusesALogWhoseMiddleFileIsGone"))
                .isTrue();
    }

    @Test
    void m7IsFoundWhereTheDiskSavesTheEpochBeforeItForcesTheLog() {
        assertThat(PatchedCopy.ofCall(NODE + "server.DiskThread", "force", code -> code.pop2())
                        .in("carryOut")
                        .saying("records where their epoch is")
                        .isFoundBy(
                                NODE + "server.DiskThreadTest",
                                "powerLostAtAnyStepLeavesNoEpochWithoutTheRecordsAskedForBefore",
                                0L))
                .isTrue();
    }

    @Test
    void m7IsFoundWhereAFollowerAcknowledgesMoreThanItHasForced() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Following",
                                "isForced",
                                code -> code.pop2().pop().loadConstant(1))
                        .in("ackForced")
                        .saying("acks of those forced")
                        .isFoundBy(NODE + "zab.FollowingTest", "aProposalIsAcknowledgedWhenItIsForced"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "theEpochIsSavedWhenAllProposalsAreForced",
                "theEpochIsSavedWhenTheSnapshotIsInstalledAndWhatFollowsItForced",
                "theEpochIsSavedWhenTheLogIsCutAndWhatFollowsForced"
            })
    void m8IsFoundWhereAFollowerDoesNotWaitForItsHistory(String test) {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Following",
                                "isForced",
                                code -> code.pop2().pop().loadConstant(1))
                        .in("persisted")
                        .saying("no epoch before its history")
                        .isFoundBy(NODE + "zab.FollowingTest", test))
                .isTrue();
    }

    @Test
    void m10IsFoundWhereWhatIsCommittedBeforeItIsForcedIsNotRemembered() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.History",
                                "add(Ldev/paddock/node/zab/Proposal;)V",
                                PatchedHistoryTest::ifItIsForced)
                        .in("commit")
                        .saying("all of history")
                        .isFoundBy(NODE + "sim.MuseumTest", "m10WhoeverLeadsPassesOnAllOfHistory"))
                .isTrue();
    }

    /** In {@code History.commit}, which has the zxid in its variable 1. */
    private static void ifItIsForced(CodeBuilder code) {
        ClassDesc proposal = ClassDesc.of(NODE + "zab.Proposal");
        code.aload(0)
                .lload(1)
                .invokevirtual(HISTORY, "isForced", MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_long))
                .ifThenElse(
                        Opcode.IFNE,
                        forced -> forced.invokevirtual(
                                ClassDesc.of(NODE + "zab.CommitLog"),
                                "add",
                                MethodTypeDesc.of(ConstantDescs.CD_void, proposal)),
                        other -> other.pop2());
    }

    @Test
    void m12IsFoundWhereASnapshotIsNotForced() {
        assertThat(PatchedCopy.ofCall(NODE + "log.SnapshotStore", "force", code -> code.pop())
                        .in("writeAside")
                        .throwing(DamagedFileException.class)
                        .saying("snapshot.b4")
                        .isFoundBy(NODE + "log.StorageTest", "powerLostAtAnyStepOfAnInstallLeavesTheOldOrTheNew", 0L))
                .isTrue();
    }

    @Test
    void m13IsFoundWhereASnapshotIsSaidToHoldMore() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.SnapshotStore",
                                "lastZxid",
                                code -> code.invokevirtual(DATABASE, "lastZxid", ZXID)
                                        .loadConstant(10L)
                                        .ladd())
                        .saying("differs at")
                        .isFoundBy(NODE + "sim.MuseumTest", "m13CommitsDuringASnapshotAreNotTakenForPartOfIt", true, 8))
                .isTrue();
    }

    @Test
    void m15IsFoundWhereAFollowerTellsOfOneMore() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.Following",
                                "lastAppended",
                                code -> code.invokevirtual(HISTORY, "lastAppended", ZXID)
                                        .loadConstant(1L)
                                        .ladd())
                        .in("leaderInfo")
                        .saying("a peer broke the protocol: proposed")
                        .isFoundBy(NODE + "sim.ClientMuseumTest", "m15AnEphemeralEndsWithItsSessionEverywhere"))
                .isTrue();
    }

    @Test
    void m17IsFoundWhereNobodyTakesTheLock(@TempDir Path path) {
        Iterator<Path> folders = Stream.of("one", "other").map(path::resolve).iterator();
        Supplier<Path> another = folders::next;
        assertThat(PatchedCopy.ofCall(NODE + "log.FolderLock", "tryLock", code -> {})
                        .in("take")
                        .saying("Expecting code to raise a throwable")
                        .isFoundBy(NODE + "log.StorageTest", "locksItsFoldersAndKeepsThemApart", another))
                .isTrue();
    }

    @Test
    void m22IsFoundWhereEverySnapshotCountsForValid() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "log.SnapshotStore",
                                "isValid",
                                code -> code.pop2().pop().loadConstant(1))
                        .in("purge")
                        .saying("not reached in time")
                        .isFoundBy(NODE + "sim.StorageMuseumTest", "m22WhatTheNewestWholeSnapshotNeedsStays"))
                .isTrue();
    }

    @Test
    void m27IsFoundWhereASessionStaysWithWhoeverClaimedItFirst() {
        var keyed = MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object, ConstantDescs.CD_Object);
        assertThat(PatchedCopy.ofCall(
                                NODE + "replica.LeaderDesk",
                                "put",
                                code -> code.invokeinterface(ConstantDescs.CD_Map, "putIfAbsent", keyed))
                        .in("claim")
                        .saying("not reached in time")
                        .isFoundBy(NODE + "sim.ClientMuseumTest", "m27ALateClaimOfASessionEndsNothingForLong"))
                .isTrue();
    }

    @Test
    void m37IsFoundWhereALeaderCutsOneMore() {
        assertThat(PatchedCopy.ofCall(
                                NODE + "zab.CatchUp",
                                "common",
                                code -> code.invokevirtual(ClassDesc.of(NODE + "zab.CommitLog$Diff"), "common", ZXID)
                                        .loadConstant(1L)
                                        .lsub())
                        .saying(", another after ")
                        .isFoundBy(NODE + "sim.DiskMuseumTest", "m37OnlyWhatTheLeaderLacksIsCut", true))
                .isTrue();
    }
}
