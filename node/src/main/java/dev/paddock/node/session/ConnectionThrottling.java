package dev.paddock.node.session;

/**
 * How many sessions may be opened or renewed in a time, as {@code connection_throttle_*} of Apache ZooKeeper 3.9 has it.
 *
 * @param tokensMax        what the bucket holds; 0 turns all of this off
 * @param fillMillis       after so many milliseconds tokens come back
 * @param fillCount        so many of them
 * @param freezeMillis     between two changes of the chance that a connection is dropped unasked; -1 never drops so
 * @param dropIncrease     added to that chance when the bucket is empty
 * @param dropDecrease     taken from it when hardly any token is missing
 * @param decreaseRatio    of {@code tokensMax} may be missing for that
 * @param newSessionTokens what a new session costs
 * @param renewalTokens    what it costs to come back to one
 */
public record ConnectionThrottling(
        int tokensMax,
        int fillMillis,
        int fillCount,
        int freezeMillis,
        double dropIncrease,
        double dropDecrease,
        double decreaseRatio,
        int newSessionTokens,
        int renewalTokens) {

    /** No throttling: Apache's defaults. */
    public static final ConnectionThrottling OFF = new ConnectionThrottling(0, 1, 1, -1, 0.02, 0.002, 0, 1, 1);
}
