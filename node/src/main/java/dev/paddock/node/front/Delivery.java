package dev.paddock.node.front;

import dev.paddock.node.tree.Change;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.ErrorCode;
import java.util.List;

/**
 * What the core tells a client loop, in order. What names a connection goes to the loop of that connection only.
 */
public sealed interface Delivery {

    /**
     * A transaction was committed and applied. Goes to every loop, one shared value.
     *
     * @param zxid      of the transaction
     * @param sessionId who asked for it, or whose end it is
     * @param cxid      the xid the client gave it
     * @param type      opcode of the transaction; -11 ends the session, by its own wish or by expiry
     * @param outcome   what the reply tells; {@code Failed} where the leader refused the request
     * @param changes   what watches may fire on, in the order of their events
     * @param after     the state after this transaction
     */
    record Committed(
            long zxid, long sessionId, int cxid, int type, Outcome outcome, List<Change> changes, Database after)
            implements Delivery {}

    /** A sync: all that was proposed before it has been delivered before this. */
    record Synced(long connection, long sessionId, int cxid) implements Delivery {}

    /**
     * The session is open on this connection, new and re-attached alike.
     *
     * @param timeoutMillis as negotiated
     */
    record SessionOpened(long connection, long sessionId, int timeoutMillis) implements Delivery {}

    /** The session to come back to is unknown or expired; the client is told so and the connection closed. */
    record SessionRefused(long connection) implements Delivery {}

    /** The session lives on elsewhere now; this connection is closed. */
    record Detach(long connection, long sessionId) implements Delivery {}

    /**
     * The session has gone to another server. Its connection here is told so when it asks for something next, and not before:
     * by {@link Refused} where it asks for a change, since that takes its turn with those of all servers.
     */
    record Moved(long connection, long sessionId) implements Delivery {}

    /** The session, which only this server knew, was silent for too long; its connection is closed. */
    record Expired(long connection, long sessionId) implements Delivery {}

    /** The session, which only this server knew, is closed as its client asked by the request {@code cxid}. */
    record Ended(long connection, long sessionId, int cxid) implements Delivery {}

    /** A request that became no transaction. {@code SESSION_MOVED} closes the connection, as in Apache ZooKeeper. */
    record Refused(long connection, long sessionId, int cxid, ErrorCode error) implements Delivery {}

    /**
     * From now on clients are served from this view.
     *
     * @param readOnly whether this server has no quorum and serves reads to clients that agreed to it
     */
    record Serving(Database view, boolean readOnly) implements Delivery {}

    /**
     * All connections close and no session is opened until the next {@link Serving}; the sessions live on.
     *
     * @param isBrief whether that is likely in a moment, since this server looks for a leader
     */
    record NotServing(boolean isBrief) implements Delivery {}
}
