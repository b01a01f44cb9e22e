package dev.paddock.node.front;

/**
 * Bounds of what a client loop keeps for its clients. Over the first four a client is not read from until there is room
 * again; over the fifth it is closed.
 *
 * @param queuedRequestsMax   requests of one connection that wait for an answer
 * @param queuedBytesMax      bytes of those
 * @param loopQueuedBytesMax  bytes of the waiting requests of all connections; beyond it each connection may have one
 * @param unsentBytesHigh     bytes of answers that one client has not taken
 * @param unsentBytesMax      the same, with the events of its watches
 * @param frameBytesMax       of a request, without its length ({@code jute.maxbuffer})
 * @param handshakeBytesMax   of the first frame
 * @param handshakeMillis     from the connection to its first request
 * @param idsMax              identities of one connection
 */
public record FrontLimits(
        int queuedRequestsMax,
        int queuedBytesMax,
        long loopQueuedBytesMax,
        int unsentBytesHigh,
        int unsentBytesMax,
        int frameBytesMax,
        int handshakeBytesMax,
        int handshakeMillis,
        int idsMax) {

    /** What suits a server of some hundred megabytes. */
    public static final FrontLimits DEFAULT =
            new FrontLimits(2_000, 4 << 20, 64L << 20, 1 << 20, 64 << 20, 0xfffff, 16 << 10, 9_000, 64);
}
