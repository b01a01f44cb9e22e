package dev.paddock.node.front;

import dev.paddock.node.front.Connection.Phase;
import dev.paddock.node.meter.Tally;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import java.util.ArrayDeque;

/**
 * Requests of a loop that wait before the core since it works on enough of them, in the order they came. The rules are
 * those of Apache ZooKeeper 3.9's {@code RequestThrottler}, but reads need not wait: no other thread works on them.
 *
 * <p>Who waits here is looked at again when the core has answered something, and every {@link Throttling#stallMillis}.
 */
final class RequestThrottle {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private record Waiting(Connection connection, Pending pending, long sinceNanos) {}

    private final ClientLoop loop;
    private final Requests requests;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    RequestThrottle(ClientLoop loop, Requests requests) {
        this.loop = loop;
        this.requests = requests;
    }

    /** Asks the core for a held request as soon as there is a place for it. */
    void ask(Connection c, Pending pending) {
        if (!loop.load.limitsProcess()) {
            pass(pending);
        } else if (queue.isEmpty() && loop.load.enter()) {
            pending.inProcess = true;
            pass(pending);
        } else {
            pending.isThrottled = true;
            loop.meter.tallies.count(Tally.THROTTLE_WAITS);
            queue.addLast(new Waiting(c, pending, loop.nowNanos));
        }
    }

    /** Asks the core for a request that was held, whatever it works on. */
    void pass(Pending pending) {
        Submission held = pending.release();
        if (held != null) loop.core.accept(held);
    }

    /** Lets pass who waits, as far as there are places. */
    void letPass() {
        while (!queue.isEmpty()) {
            Waiting first = queue.getFirst();
            if (isDropped(first)) {
                queue.removeFirst();
                loop.meter.tallies.count(Tally.STALE_DROPPED);
                loop.close(first.connection, CloseReason.STALE_REQUEST);
            } else if (loop.load.enter()) {
                queue.removeFirst();
                first.pending.inProcess = true;
                admitted(first);
            } else {
                return;
            }
        }
    }

    /** A dropped request takes its connection along, or the ones after it would be done out of order. */
    private boolean isDropped(Waiting w) {
        return loop.load.throttling.dropsStale() && isStale(w);
    }

    private boolean isStale(Waiting w) {
        if (w.pending.type == OpCode.CLOSE_SESSION) return false;
        Throttling rules = loop.load.throttling;
        if (rules.isStaleIfGone() && w.connection.phase == Phase.CLOSED) return true;
        long ageNanos = loop.nowNanos - w.pending.arrivedNanos;
        return rules.isStaleIfLate() && ageNanos > w.connection.timeoutMillis * NANOS_PER_MILLI;
    }

    private void admitted(Waiting w) {
        loop.meter.throttleMillis.add((loop.nowNanos - w.sinceNanos) / NANOS_PER_MILLI);
        if (isStale(w)) loop.meter.tallies.count(Tally.STALE);
        if (isTooLate(w)) {
            loop.meter.tallies.count(Tally.THROTTLED);
            requests.settled(w.connection, w.pending, ErrorCode.THROTTLED_OP);
        } else {
            pass(w.pending);
        }
        if (w.connection.phase == Phase.CLOSED) loop.leavesCore(w.pending); // nobody else will count it off
    }

    private boolean isTooLate(Waiting w) {
        int limitMillis = loop.load.throttling.waitMillisMax();
        return limitMillis > 0
                && w.pending.type != OpCode.CLOSE_SESSION
                && w.connection.phase == Phase.OPEN
                && loop.nowNanos - w.sinceNanos > limitMillis * NANOS_PER_MILLI;
    }

    /** Requests that wait here. */
    int size() {
        return queue.size();
    }
}
