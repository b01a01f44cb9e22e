package dev.paddock.operator.planner;

/**
 * What the running servers can be asked to do.
 *
 * @param reconfig change the members of a running ensemble
 * @param handOver pass leadership on while both servers live
 */
public record Abilities(boolean reconfig, boolean handOver) {

    /** Membership is fixed when the ensemble is formed; leadership moves only when the leader stops. */
    public static final Abilities NONE = new Abilities(false, false);
}
