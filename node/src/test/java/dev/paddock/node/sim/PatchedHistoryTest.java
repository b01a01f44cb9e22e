package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.testing.PatchedCopy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link PatchedMuseumTest}: what keeps history, reads it back and passes it on is changed. */
class PatchedHistoryTest {
    private static final String NODE = "dev.paddock.node.";

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
}
