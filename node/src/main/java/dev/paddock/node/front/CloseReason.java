package dev.paddock.node.front;

/** Why this server closes a client's connection. */
public enum CloseReason {
    /** The session is closed, as its client asked. */
    SESSION_CLOSED,
    /** The session expired. */
    SESSION_EXPIRED,
    /** The session to come back to is gone, or the password was wrong. */
    SESSION_REFUSED,
    /** The session is on another connection now. */
    SESSION_MOVED,
    /** No session within the time for it. */
    NO_SESSION,
    /** Bytes that are not the protocol. */
    MALFORMED,
    /** An operation that this server does not know. */
    UNIMPLEMENTED,
    /** Wrong credentials. */
    AUTH_FAILED,
    /** It asks something and has not proved who it is, which this server requires. */
    AUTH_REQUIRED,
    /** It takes this ensemble for another one. */
    STRANGER,
    /** The client has seen a newer state than this server has. */
    CLIENT_AHEAD,
    /** A read-only server, and a client that did not agree to one. */
    NOT_READ_ONLY_CLIENT,
    /** This server serves nobody at the moment. */
    NOT_SERVING,
    /** This server is about to stop, and the client finds another. */
    LEAVING,
    /** The client asks for much and takes nothing. */
    SLOW_CLIENT,
    /** Its watches, or all of its loop, take more than they may. */
    TOO_MANY_WATCHES,
    /** More sessions are asked for than {@code connection_throttle_*} lets open at this time. */
    TOO_MANY_SESSIONS,
    /** The large requests that wait for answers take more than {@code largeRequestMaxBytes}. */
    LARGE_REQUESTS,
    /** A request waited before the core for longer than its session's timeout. */
    STALE_REQUEST
}
