package dev.paddock.sidecar.ensemble;

/** How the sidecar stands with the ensemble. */
public enum Link {
    /** Attached; requests go out at once. */
    UP,
    /** The connection is lost; the session may live on. */
    DOWN,
    /** The session is gone with all its ephemerals; a new one is being opened. */
    LOST
}
