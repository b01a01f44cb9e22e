package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.testing.PatchedCopy;
import org.junit.jupiter.api.Test;

/** Cases of the museum in the client: its code is changed, and its own test must see it. */
final class PatchedClientTest {
    private static final String VICTIM = "dev.paddock.client.SessionLoop";
    private static final String TEST = "dev.paddock.client.FaultTest";

    @Test
    void m24IsFoundWhereAnAnswerThatIsTooLongPassesForALostLink() {
        assertThat(PatchedCopy.ofCall(VICTIM, "failOldestSent", code -> code.pop2())
                        .saying("LimitExceeded")
                        .isFoundBy(TEST, "anAnswerAboveTheBoundFailsItsCallAndNamesTheBound"))
                .isTrue();
    }

    @Test
    void m30IsFoundWhereItAsksOnlyForWhatIsStillToCome() {
        assertThat(PatchedCopy.ofCall(VICTIM, "lastZxid", code -> code.pop().loadConstant(Long.MAX_VALUE))
                        .saying("SetWatches[relativeZxid=10")
                        .isFoundBy(TEST, "aNewLinkBeginsWithCredentialsThenWatchesThenCalls"))
                .isTrue();
    }

    @Test
    void m40IsFoundWhereItDoesNotSayWhatItHasSeen() {
        assertThat(PatchedCopy.ofCall(VICTIM, "lastZxid", code -> code.pop().loadConstant(0L))
                        .saying("expected: 10L")
                        .isFoundBy(TEST, "anEventDoesNotHideOthersOfItsTransaction"))
                .isTrue();
    }
}
