package dev.paddock.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Expiry beside a model that looks at every session at every step. */
class SessionExpiryProperties {
    private static final int TICK = 200;
    private static final long MILLI = 1_000_000;

    record Step(int what, long session, int timeoutMillis, int passesMillis) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.longs().between(1, 6),
                        Arbitraries.integers().between(1, 2000),
                        Arbitraries.integers().between(0, 700))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    @Property
    void expiresWhatIsDueNeverEarlyAndAtMostOneTickLate(@ForAll("steps") List<Step> steps, @ForAll boolean negative) {
        var expiry = new SessionExpiry(TICK);
        var deadlines = new TreeMap<Long, Long>(); // session to the moment when its timeout runs out
        var timeouts = new TreeMap<Long, Integer>();
        long now = negative ? -50_000 * MILLI : 12_345_678;
        for (Step step : steps) {
            now += step.passesMillis * MILLI;
            long session = step.session;
            if (step.what == 0) {
                expiry.track(session, step.timeoutMillis, now);
                timeouts.put(session, step.timeoutMillis);
                deadlines.put(session, now + step.timeoutMillis * MILLI);
            } else if (step.what == 1) {
                expiry.remove(session);
                deadlines.remove(session);
            } else if (step.what < 6) {
                assertThat(expiry.touch(session, now)).isEqualTo(deadlines.containsKey(session));
                if (deadlines.containsKey(session)) deadlines.put(session, now + timeouts.get(session) * MILLI);
            }
            var due = new ArrayList<Long>();
            for (long expired : expiry.expire(now)) due.add(expired);
            assertThat(due).isSorted();
            for (long expired : due) assertThat(deadlines.remove(expired)).isLessThanOrEqualTo(now);
            for (long deadline : deadlines.values()) assertThat(now).isLessThan(deadline + TICK * MILLI);
            assertThat(expiry.size()).isEqualTo(deadlines.size());
            for (long deadline : deadlines.values()) {
                assertThat(expiry.nextDueNanos()).isLessThanOrEqualTo(deadline + TICK * MILLI);
            }
        }
    }

    @Example
    void aSilentSessionGoesAtTheEndOfATick() {
        var expiry = new SessionExpiry(1000);
        expiry.track(7, 3000, 500 * MILLI);
        assertThat(expiry.expire(3999 * MILLI)).isEmpty();
        assertThat(expiry.expire(4000 * MILLI)).containsExactly(7);
        assertThat(expiry.expire(9000 * MILLI)).isEmpty();
        assertThat(expiry.nextDueNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(expiry.touch(7, 9000 * MILLI)).isFalse();
    }

    @Example
    void aShorterTimeoutCounts() {
        var expiry = new SessionExpiry(1000);
        expiry.track(7, 30_000, 0);
        expiry.track(7, 2000, 0);
        assertThat(expiry.expire(3000 * MILLI)).containsExactly(7);
        assertThat(expiry.size()).isZero();
    }
}
