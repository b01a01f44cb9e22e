package dev.paddock.node.request;

/** What the leader knows of the session that a write comes from, besides what its database says. */
public enum Standing {
    /** Nothing: the database knows the session, or the write is refused. */
    GLOBAL,
    /** It may be a local session of another server. Ephemerals are refused: that server would have made it global first. */
    LOCAL_ELSEWHERE,
    /** It is a local session of the leader's own that may not become global. */
    LOCAL_HERE,
    /** The client is at another server now: what comes by the old way is too late, but for the end of the session. */
    MOVED
}
