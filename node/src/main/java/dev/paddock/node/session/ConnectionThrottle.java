package dev.paddock.node.session;

import java.util.function.DoubleSupplier;

/**
 * A bucket of tokens that refills with time, and before it a chance to be dropped that grows while the bucket is empty, so
 * that it is not always the last to come who finds it empty. The rules are those of Apache ZooKeeper 3.9's {@code
 * BlueThrottle}. One thread at a time.
 */
public final class ConnectionThrottle {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int NO_FREEZE = -1;

    private final ConnectionThrottling rules;
    private final DoubleSupplier chance;
    private long tokens;
    private long filledMillis;
    private long frozenMillis;
    private double drop;

    /**
     * Starts with a full bucket.
     *
     * @param chance a random number from 0 (included) to 1 (excluded)
     */
    public ConnectionThrottle(ConnectionThrottling rules, long nowNanos, DoubleSupplier chance) {
        this.rules = rules;
        this.chance = chance;
        this.tokens = rules.tokensMax();
        this.filledMillis = nowNanos / NANOS_PER_MILLI;
        this.frozenMillis = filledMillis;
    }

    /** Takes the tokens for a session; false if it must not be opened now. */
    public boolean admits(int need, long nowNanos) {
        if (rules.tokensMax() == 0) return true;
        long nowMillis = nowNanos / NANOS_PER_MILLI;
        fill(nowMillis);
        if (rules.freezeMillis() != NO_FREEZE && isDropped(nowMillis)) return false;
        if (tokens < need) return false;
        tokens -= need;
        return true;
    }

    private void fill(long nowMillis) {
        long passed = nowMillis - filledMillis;
        if (passed <= rules.fillMillis()) return;
        long fills = passed * rules.fillCount() / Math.max(1, rules.fillMillis());
        tokens = Math.min(tokens + fills, rules.tokensMax());
        filledMillis = nowMillis;
    }

    private boolean isDropped(long nowMillis) {
        if (nowMillis - frozenMillis > rules.freezeMillis()) {
            long missing = rules.tokensMax() - tokens;
            if (tokens == 0) {
                drop = Math.min(drop + rules.dropIncrease(), 1);
            } else if (missing <= Math.round(rules.tokensMax() * rules.decreaseRatio())) {
                drop = Math.max(drop - rules.dropDecrease(), 0);
            }
            frozenMillis = nowMillis;
        }
        return chance.getAsDouble() < drop;
    }

    /** The chance that the next one is dropped whatever the bucket holds. */
    public double dropChance() {
        return drop;
    }

    /** Tokens that the bucket lacks. */
    public long deficit() {
        return rules.tokensMax() - tokens;
    }
}
