package dev.paddock.node.front;

import dev.paddock.wire.Id;
import java.util.List;

/**
 * What a client loop asks of the core. Submissions of one loop reach the core in the order they were made.
 *
 * <p>{@code loop} is the index of the client loop; {@code connection} names a connection and is unique in its loop.
 */
public sealed interface Submission {

    /**
     * A client wants a new session. Answered by {@link Delivery.SessionOpened}.
     *
     * @param timeoutMillis what the client asks for; the core negotiates
     */
    record OpenSession(int loop, long connection, int timeoutMillis) implements Submission {}

    /**
     * A client comes back to a session with the right password. Answered by {@link Delivery.SessionOpened} or {@link
     * Delivery.SessionRefused}. The core answers only after every transaction of that session which was proposed before
     * has been delivered, so that a new connection never sees the reply of an old one's request.
     *
     * @param timeoutMillis what the client asks for; the core negotiates
     */
    record Reattach(int loop, long connection, long sessionId, int timeoutMillis) implements Submission {}

    /**
     * A write, a sync or a closeSession. Answered by {@link Delivery.Committed}, {@link Delivery.Synced} or {@link
     * Delivery.Refused}; many may be outstanding at once.
     *
     * @param body the request after its header, as it came
     * @param ids  who the connection has proved to be, its address included
     */
    record Submit(int loop, long connection, long sessionId, int cxid, int type, byte[] body, List<Id> ids)
            implements Submission {}

    /**
     * Sessions heard from since the last of these, each once.
     */
    record Touched(long[] sessionIds) implements Submission {}

    /**
     * The connection of a session is gone; the session lives on until it expires. Requests of the connection that are
     * not proposed yet may be dropped.
     */
    record Disconnected(int loop, long connection, long sessionId) implements Submission {}
}
