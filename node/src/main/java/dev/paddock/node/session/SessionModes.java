package dev.paddock.node.session;

/**
 * Kinds of sessions beyond the global ones, for members of an ensemble.
 *
 * @param local      {@code localSessionsEnabled}: new sessions are known to their own server only
 * @param upgradable {@code localSessionsUpgradingEnabled}: one of them becomes global with its first ephemeral znode, instead
 *                   of being refused that
 * @param readOnly   {@code readonlymode.enabled}: a server without a quorum serves reads to clients that agree to it
 */
public record SessionModes(boolean local, boolean upgradable, boolean readOnly) {
    /** Global sessions only, served by a quorum only. */
    public static final SessionModes GLOBAL = new SessionModes(false, false, false);
}
