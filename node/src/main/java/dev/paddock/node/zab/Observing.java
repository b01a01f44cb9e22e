package dev.paddock.node.zab;

/**
 * How observers hang on the ensemble.
 *
 * @param byMasters           whether followers serve them and leaders do not ({@code observerMasterPort})
 * @param electionDelayNanos  the longest pause of an observer that lost its master, before it looks who leads
 * @param reconnectDelayNanos the longest further pause when it has tried all of them
 */
public record Observing(boolean byMasters, long electionDelayNanos, long reconnectDelayNanos) {
    /** By the leader, without a pause. */
    public static final Observing DIRECTLY = new Observing(false, 0, 0);
}
