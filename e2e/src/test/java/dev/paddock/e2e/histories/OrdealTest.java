package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What proves nothing is void. */
class OrdealTest {
    private static final int SECOND = 1_000_000_000;
    private static final Plan OURS = new Plan(Cast.ofPaddock(3), Servers.Network.LOOPBACK, List.of());
    private static final Plan MIXED = new Plan(new Cast(3, Set.of(1), Set.of()), Servers.Network.LOOPBACK, List.of());

    private final History history = new History();

    /** So many, one after the other, from one moment to another. */
    private void ask(Verb verb, Result result, int count, long from, long to) {
        for (int i = 0; i < count; i++) {
            long call = from + (to - from) / count * i;
            history.add(new Operation(0, 0, verb, "k0", "", -1, call, i < count - 1 ? call + 1 : to, result, null));
        }
    }

    private void strike(boolean struck, long from, long to) {
        history.add(new History.Disturbance("a fault", struck, from, to));
    }

    @Test
    void ofEnoughAnswersAndAFaultSomethingIsProved() {
        ask(Verb.SET, Result.VERSION, 101, 0, SECOND);
        strike(true, 0, SECOND);
        assertThat(Ordeal.whyVoid(OURS, history)).isEmpty();
    }

    @Test
    void tooFewAnswersASecondProveNothing() {
        ask(Verb.SET, Result.OK, 99, 0, SECOND);
        strike(true, 0, SECOND);
        assertThat(Ordeal.whyVoid(OURS, history)).containsExactly("only 99 answers a second");
        assertThat(Ordeal.whyVoid(MIXED, history)).isEmpty();
    }

    @Test
    void withApachesServersTooFewAreFewer() {
        ask(Verb.SET, Result.OK, 9, 0, SECOND);
        strike(true, 0, SECOND);
        assertThat(Ordeal.whyVoid(MIXED, history)).containsExactly("only 9 answers a second");
    }

    @Test
    void plainReadsAndWhatHasNoAnswerDoNotCount() {
        ask(Verb.SET, Result.OK, 60, 0, SECOND);
        ask(Verb.PEEK, Result.NONE, 1_000, 0, SECOND);
        ask(Verb.SET, Result.OPEN, 1_000, 0, SECOND);
        strike(true, 0, SECOND);
        assertThat(Ordeal.whyVoid(OURS, history)).containsExactly("only 60 answers a second");
        assertThat(history.glances()).isEqualTo(1_000);
        assertThat(history.open()).isEqualTo(1_000);
    }

    @Test
    void withoutOperationsAllIsVoid() {
        assertThat(Ordeal.whyVoid(OURS, history)).hasSize(2);
    }

    @Test
    void faultsThatNoOperationFeltProveNothing() {
        ask(Verb.SET, Result.OK, 500, SECOND, 2L * SECOND);
        strike(true, 0, SECOND - 1);
        strike(true, 2L * SECOND + 1, 3L * SECOND);
        strike(false, SECOND, 2L * SECOND); // the disk was broken, and nobody wrote to it
        assertThat(Ordeal.whyVoid(OURS, history)).containsExactly("no fault overlapped an operation");
        assertThat(history.faultsFelt()).isZero();
    }

    @Test
    void plainReadsDoNotFeelFaults() {
        ask(Verb.READ, Result.NONE, 500, 0, SECOND);
        ask(Verb.PEEK, Result.NONE, 500, SECOND + 1, 2L * SECOND);
        strike(true, SECOND + 2, 2L * SECOND);
        assertThat(Ordeal.whyVoid(OURS, history)).containsExactly("no fault overlapped an operation");
    }

    @Test
    void oneFaultThatWasFeltIsEnough() {
        ask(Verb.SET, Result.OK, 500, 0, SECOND);
        strike(true, SECOND / 2, SECOND / 2 + 1_000_000);
        strike(true, 2L * SECOND, 3L * SECOND);
        assertThat(Ordeal.whyVoid(OURS, history)).isEmpty();
        assertThat(history.faultsFelt()).isOne();
        assertThat(history.disturbed()).isBetween(1L, 2L);
    }
}
