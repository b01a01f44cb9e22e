package dev.paddock.node.request;

import dev.paddock.wire.Id;
import java.util.List;

/**
 * A request to change something, as the leader gets it from a connection of its own or from a learner.
 *
 * @param type an {@code OpCode}
 * @param body the bytes after the request header; not changed by anybody
 * @param ids  what the client has proved to be
 * @param standing of the session, where the database does not know it
 */
public record Write(long sessionId, int cxid, int type, byte[] body, List<Id> ids, Standing standing) {
    /** Of a session that the database knows, if the write is not to be refused. */
    public Write(long sessionId, int cxid, int type, byte[] body, List<Id> ids) {
        this(sessionId, cxid, type, body, ids, Standing.GLOBAL);
    }

    /** The same with another standing. */
    public Write as(Standing other) {
        return new Write(sessionId, cxid, type, body, ids, other);
    }
}
