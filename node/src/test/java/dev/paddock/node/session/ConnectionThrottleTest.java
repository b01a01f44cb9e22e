package dev.paddock.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The bucket of tokens in front of new sessions. */
class ConnectionThrottleTest {
    private static final long MILLI = 1_000_000;
    private final AtomicReference<Double> chance = new AtomicReference<>(0.0);

    private ConnectionThrottle throttle(int tokens, int fillMillis, int fillCount, int freezeMillis) {
        var rules = new ConnectionThrottling(tokens, fillMillis, fillCount, freezeMillis, 0.5, 0.25, 0.5, 1, 1);
        return new ConnectionThrottle(rules, 0, chance::get);
    }

    @Test
    void admitsAllWithoutTokens() {
        var off = new ConnectionThrottle(ConnectionThrottling.OFF, 0, chance::get);
        for (int i = 0; i < 1_000; i++) assertThat(off.admits(3, 0)).isTrue();
    }

    @Test
    void admitsWhatTheBucketHoldsAndWhatComesBack() {
        var throttle = throttle(6, 100, 3, -1);
        assertThat(throttle.admits(3, 0)).isTrue();
        assertThat(throttle.admits(3, 0)).isTrue();
        assertThat(throttle.admits(1, 100 * MILLI)).isFalse(); // only after the fill time
        assertThat(throttle.admits(3, 101 * MILLI)).isTrue();
        assertThat(throttle.admits(1, 101 * MILLI)).isFalse();
        assertThat(throttle.admits(6, 10_000 * MILLI)).isTrue(); // never more than the bucket holds
        assertThat(throttle.admits(1, 10_000 * MILLI)).isFalse();
        assertThat(throttle.deficit()).isEqualTo(6);
    }

    @Test
    void dropsByChanceWhileTheBucketIsEmpty() {
        var throttle = throttle(2, 1_000_000, 1, 10);
        assertThat(throttle.admits(2, 0)).isTrue();
        assertThat(throttle.admits(1, 11 * MILLI)).isFalse();
        assertThat(throttle.dropChance()).isEqualTo(0.5);
        assertThat(throttle.admits(1, 12 * MILLI)).isFalse();
        assertThat(throttle.dropChance()).isEqualTo(0.5); // frozen
        assertThat(throttle.admits(1, 22 * MILLI)).isFalse();
        assertThat(throttle.dropChance()).isEqualTo(1.0);

        long later = 3_000_000 * MILLI; // the bucket is full again, and the chance falls
        assertThat(throttle.admits(1, later)).isFalse();
        assertThat(throttle.dropChance()).isEqualTo(0.75);
        chance.set(0.8);
        assertThat(throttle.admits(1, later)).isTrue();
    }
}
