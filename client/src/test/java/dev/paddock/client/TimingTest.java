package dev.paddock.client;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** When to try again, and when a link needs a sign of life. */
final class TimingTest {
    @Test
    void waitsGrowToTheirBoundAndNeverVanish() {
        for (int failures = 0; failures < 100; failures++) {
            assertThat(Backoff.millis(failures, true, 0)).isBetween(5L, 75L);
            assertThat(Backoff.millis(failures, true, 1)).isBetween(10L, 150L);
            assertThat(Backoff.millis(failures, false, 1)).isBetween(10L, 2000L);
        }
        assertThat(Backoff.millis(50, false, 1)).isEqualTo(2000);
    }

    @Property
    void theHeartbeatKeepsTwoThirdsOfATimeoutAndLeavesOne(
            @ForAll long now,
            @ForAll @LongRange(min = 0, max = 1200) long heard,
            @ForAll @LongRange(min = 0, max = 1200) long proven) {
        Heartbeat.Need need = Heartbeat.need(now, 1200, now - heard, now - proven, 100);
        if (heard >= 800) {
            assertThat(need).isEqualTo(Heartbeat.Need.GIVE_UP);
        } else {
            assertThat(need).isEqualTo(proven >= 300 ? Heartbeat.Need.SYNC : Heartbeat.Need.NOTHING);
        }
    }

    @Test
    void theLaterInstantIsFoundAcrossTheWrap() {
        assertThat(Heartbeat.later(Long.MIN_VALUE + 1, Long.MAX_VALUE)).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(Heartbeat.later(5, 4)).isEqualTo(5);
    }
}
