package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** When clients are sent away, and how many at once, by a clock that moves only while it is waited. */
class DepartureTest {
    private static final long MILLIS_MAX = 2_000;

    /** Connections of which some wait for an answer until a time comes. */
    private static final class Crowd implements Departure.Crowd, Departure.Time {
        final List<Long> batches = new ArrayList<>(); // how many left in each
        final List<Long> pauses = new ArrayList<>();
        long idle;
        long waiting;
        long answeredMillis = Long.MAX_VALUE;
        private long nowMillis = 77;

        Crowd(long idle, long waiting) {
            this.idle = idle;
            this.waiting = waiting;
        }

        @Override
        public long leave(int share) {
            if (nowMillis >= answeredMillis) {
                idle += waiting;
                waiting = 0;
            }
            long some = Math.min(idle, Math.ceilDiv(idle + waiting, (long) share));
            batches.add(some);
            idle -= some;
            return idle + waiting;
        }

        @Override
        public long nowMillis() {
            return nowMillis;
        }

        @Override
        public void pass(long millis) {
            pauses.add(millis);
            nowMillis += millis;
        }

        long sendAway(long seed) throws InterruptedException {
            return Departure.of(this, idle + waiting, MILLIS_MAX, this, new SplittableRandom(seed));
        }

        long spentMillis() {
            return pauses.stream().mapToLong(Long::longValue).sum();
        }
    }

    @Test
    void hundredsLeaveInBatchesOfTheSameSize() throws Exception {
        for (long seed = 0; seed < 100; seed++) {
            var crowd = new Crowd(600, 0);
            assertThat(crowd.sendAway(seed)).isZero();
            assertThat(crowd.batches).hasSize(12).allMatch(size -> size == 50);
            assertThat(crowd.spentMillis()).isLessThan(MILLIS_MAX);
        }
    }

    @Test
    void noTwoPausesNeedBeTheSame() throws Exception {
        Set<Long> pauses = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            var crowd = new Crowd(600, 0);
            crowd.sendAway(seed);
            pauses.addAll(crowd.pauses);
        }
        assertThat(pauses).hasSizeGreaterThan(90).allMatch(millis -> millis >= 0 && millis < 100);
    }

    @Test
    void manyLeaveWithinTheTimeThereIs() throws Exception {
        var crowd = new Crowd(100_000, 0);
        long left = crowd.sendAway(1);
        assertThat(crowd.batches).hasSizeBetween(25, 40).allMatch(size -> size <= 2_501);
        assertThat(left).isLessThan(40_000); // dice decide how many batches there is time for
    }

    @Test
    void fewLeaveAtOnce() throws Exception {
        var crowd = new Crowd(20, 0);
        assertThat(crowd.sendAway(1)).isZero();
        assertThat(crowd.batches).containsExactly(20L);
        assertThat(crowd.pauses).isEmpty();
    }

    @Test
    void whoWaitsForAnAnswerIsWaitedFor() throws Exception {
        var crowd = new Crowd(150, 30);
        crowd.answeredMillis = crowd.nowMillis() + 1_000;
        assertThat(crowd.sendAway(1)).isZero();
        assertThat(crowd.batches.getLast()).isEqualTo(30);
        assertThat(crowd.spentMillis()).isBetween(1_000L, 1_010L);
    }

    @Test
    void nobodyIsWaitedForLongerThanThereIsTime() throws Exception {
        var crowd = new Crowd(150, 30);
        assertThat(crowd.sendAway(1)).isEqualTo(30);
        assertThat(crowd.spentMillis()).isBetween(MILLIS_MAX, MILLIS_MAX + 5);
    }
}
