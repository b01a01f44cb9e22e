package dev.paddock.node.front;

/**
 * Bounds of what a client loop keeps for its clients. Over the first four a client is not read from until there is room
 * again; over the others it is closed.
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
 * @param idBytesMax          bytes of those; they go to the leader with each write, and it takes 64 KiB of them
 * @param watchBytesMax       what the watches of one connection take, with their paths
 * @param loopWatchBytesMax   the same of all connections, where a path that several watch counts once
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
        int idsMax,
        int idBytesMax,
        long watchBytesMax,
        long loopWatchBytesMax) {

    /** What suits a server of some hundred megabytes. */
    public static final FrontLimits DEFAULT = new FrontLimits(
            2_000,
            4 << 20,
            64L << 20,
            1 << 20,
            64 << 20,
            0xfffff,
            16 << 10,
            9_000,
            64,
            16 << 10,
            128L << 20,
            256L << 20);

    /** The same with another time to a session, in milliseconds; 0 or less gives none. */
    public FrontLimits withHandshakeMillis(int millis) {
        return new FrontLimits(
                queuedRequestsMax,
                queuedBytesMax,
                loopQueuedBytesMax,
                unsentBytesHigh,
                unsentBytesMax,
                frameBytesMax,
                handshakeBytesMax,
                millis,
                idsMax,
                idBytesMax,
                watchBytesMax,
                loopWatchBytesMax);
    }

    /** The same with another longest request, and room for one such request and its like as an answer. */
    public FrontLimits withFrameBytesMax(int bytes) {
        return new FrontLimits(
                queuedRequestsMax,
                Math.max(queuedBytesMax, bytes),
                Math.max(loopQueuedBytesMax, bytes),
                unsentBytesHigh,
                (int) Math.min(Integer.MAX_VALUE, Math.max(unsentBytesMax, 2L * bytes)),
                bytes,
                handshakeBytesMax,
                handshakeMillis,
                idsMax,
                idBytesMax,
                watchBytesMax,
                loopWatchBytesMax);
    }
}
