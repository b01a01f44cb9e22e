package dev.paddock.node.front;

import dev.paddock.node.session.ConnectionThrottling;

/**
 * Bounds that all client loops of a server share, with the names and defaults of Apache ZooKeeper 3.9.
 *
 * @param outstandingMax {@code globalOutstandingLimit}: while more requests wait for their answers, a connection is read from
 *                       only when nothing of its own waits
 * @param inProcessMax   {@code request_throttle_max_requests}: requests the core may work on; further ones wait their turn
 *                       before it. 0 is no such limit
 * @param stallMillis    {@code request_throttle_stall_time}: how long at most until those are looked at again
 * @param dropsStale     {@code request_throttle_drop_stale}: whether one of them that has become stale is not done, and closes its
 *                       connection
 * @param isStaleIfGone  {@code request_stale_connection_check}: whether it is stale when its client has gone
 * @param isStaleIfLate  {@code request_stale_latency_check}: whether it is when it came longer ago than its session's timeout
 * @param waitMillisMax  {@code throttled_op_wait_time}: one that waited longer is refused with -127. 0 refuses none
 * @param largeFrom      {@code largeRequestThreshold}: a request of more bytes is a large one; -1 if none is
 * @param largeBytesMax  {@code largeRequestMaxBytes}: of all large requests that wait for an answer
 */
public record Throttling(
        int outstandingMax,
        int inProcessMax,
        int stallMillis,
        boolean dropsStale,
        boolean isStaleIfGone,
        boolean isStaleIfLate,
        int waitMillisMax,
        int largeFrom,
        int largeBytesMax,
        ConnectionThrottling connections) {

    /** Apache's defaults. */
    public static final Throttling DEFAULT =
            new Throttling(1_000, 0, 100, true, true, false, 0, -1, 100 << 20, ConnectionThrottling.OFF);

    /** Whether what waits is not done when its client goes. */
    boolean dropsWhatIsGone() {
        return dropsStale && isStaleIfGone;
    }

    boolean isLarge(int bytes) {
        return largeFrom != -1 && bytes > largeFrom;
    }
}
