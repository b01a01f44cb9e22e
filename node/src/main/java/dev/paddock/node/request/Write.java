package dev.paddock.node.request;

import dev.paddock.wire.Id;
import java.util.List;

/**
 * A request to change something, as the leader gets it from a connection of its own or from a learner.
 *
 * @param type an {@code OpCode}
 * @param body the bytes after the request header; not changed by anybody
 * @param ids  what the client has proved to be
 */
public record Write(long sessionId, int cxid, int type, byte[] body, List<Id> ids) {}
