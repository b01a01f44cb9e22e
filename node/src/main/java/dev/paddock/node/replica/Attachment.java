package dev.paddock.node.replica;

/**
 * Where a session's client is connected to this server.
 *
 * @param loop index of the client loop
 * @param connection unique in that loop
 */
record Attachment(int loop, long connection) {}
