package dev.paddock.node.front;

import dev.paddock.node.front.Connection.Phase;
import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.util.Arrays;

/**
 * The requests of open sessions, answered in the order they came: a read at once if nothing of its connection waits, else
 * behind what waits; what changes the tree is asked of the core at once, so that many are on their way together.
 */
final class Requests {
    private static final int HEADER_BYTES = 8;
    private static final long NO_ZXID =
            -1; // what Apache ZooKeeper puts into the reply to an operation it does not know
    private static final byte[] NO_BODY = {};

    private final ClientLoop loop;
    private final Reading reading;
    private final RequestThrottle throttle;
    private final Proving proving;

    Requests(ClientLoop loop, Reading reading, Proving proving) {
        this.loop = loop;
        this.reading = reading;
        this.throttle = new RequestThrottle(loop, this);
        this.proving = proving;
    }

    /** Handles one frame of an open session. */
    void request(Connection c, byte[] buf, int from, int to) {
        if (to - from < HEADER_BYTES) {
            loop.close(c, CloseReason.MALFORMED);
            return;
        }
        if (!loop.load.hasRoomFor(to - from - HEADER_BYTES)) {
            loop.close(c, CloseReason.LARGE_REQUESTS);
            return;
        }
        var header = new Reader(buf, from, from + HEADER_BYTES);
        int xid = header.readInt();
        int type = header.readInt();
        int bodyFrom = from + HEADER_BYTES;
        Kind kind = Kind.of(type, c);
        if (loop.authentication.isUnproved(c.ids) && kind != Kind.AUTH && kind != Kind.SASL) {
            proving.refuseUnproved(c, xid);
            return;
        }
        switch (kind) {
            case READ -> {
                if (c.isMoved) {
                    moved(c);
                } else if (c.queue.isEmpty()) {
                    reading.answer(c, xid, type, buf, bodyFrom, to, c.ids, loop.nowNanos);
                } else {
                    byte[] body = Arrays.copyOfRange(buf, bodyFrom, to);
                    loop.enqueue(c, Pending.ours(xid, type, body, c.ids, loop.nowNanos));
                }
            }
            case WRITE, CLOSE_SESSION -> submit(c, xid, type, Arrays.copyOfRange(buf, bodyFrom, to));
            case SYNC -> {
                if (c.isMoved) {
                    moved(c);
                } else {
                    sync(c, xid, Arrays.copyOfRange(buf, bodyFrom, to));
                }
            }
            case AUTH -> proving.auth(c, xid, buf, bodyFrom, to);
            case SASL -> proving.sasl(c, xid, buf, bodyFrom, to);
            case UNKNOWN -> {
                c.deaf = true;
                loop.enqueue(c, Pending.ours(xid, type, NO_BODY, c.ids, loop.nowNanos));
                drain(c);
            }
        }
    }

    /**
     * Something is refused since the session is on another server now. Nobody is answered so: Apache ZooKeeper closes the
     * connection that asked. That is this one, unless the leader has refused a write, the session came here from the one that
     * asked for it, and our own oldest write has the same xid by chance; then the close costs the client a reconnect, and no
     * wrong answer.
     */
    void moved(Connection c) {
        loop.core.accept(new Submission.Disconnected(loop.index, c.id, c.sessionId));
        loop.close(c, CloseReason.SESSION_MOVED);
    }

    private void submit(Connection c, int xid, int type, byte[] body) {
        if (type == OpCode.CLOSE_SESSION) {
            c.deaf = true;
        } else if (loop.readOnly) {
            settle(c, Pending.ours(xid, type, NO_BODY, c.ids, loop.nowNanos), ErrorCode.NOT_READ_ONLY);
            return;
        }
        var ask = new Submission.Submit(loop.index, c.id, c.sessionId, xid, type, body, c.ids);
        boolean isSync = type == OpCode.SYNC;
        Pending pending = Pending.held(ask, loop.nowNanos);
        loop.enqueue(c, pending);
        if (c.syncs == 0 || isSync) {
            throttle.ask(c, pending);
        }
        c.syncs += isSync ? 1 : 0;
    }

    /** Asks the core for what waits for a place there, if there is one. */
    void letPass() {
        throttle.letPass();
    }

    /** The core has answered with no transaction. */
    void settled(Connection c, Pending asked, ErrorCode error) {
        asked.settled(error.code());
        loop.leavesCore(asked);
        drain(c);
        if (asked.type == OpCode.SYNC) {
            c.syncs--;
            release(c);
        }
    }

    /**
     * Asks the core for the writes that waited for a sync. They wait since the core answers a sync out of the order of its
     * transactions: the write would be in the view before the reads between the two are answered.
     */
    private void release(Connection c) {
        for (Pending pending : c.queue) {
            if (pending.type == OpCode.SYNC && !pending.isReady()) {
                return;
            }
            if (pending.isHeld() && !pending.isThrottled) {
                throttle.ask(c, pending);
            }
        }
    }

    /** The client has gone, and nobody reads any more: what it asked is done all the same, unless it is stale. */
    void releaseAll(Connection c) {
        for (Pending pending : c.queue) {
            if (pending.isThrottled && pending.isHeld() && loop.load.throttling.dropsWhatIsGone()) {
                return;
            }
            throttle.pass(pending);
        }
    }

    private void sync(Connection c, int xid, byte[] body) {
        var path = new Writer(body.length);
        try {
            Request.read(OpCode.SYNC, new Reader(body)).write(path); // what the answer repeats, and no more
        } catch (WireException e) {
            settle(c, Pending.ours(xid, OpCode.SYNC, NO_BODY, c.ids, loop.nowNanos), ErrorCode.MARSHALLING_ERROR);
            return;
        }
        submit(c, xid, OpCode.SYNC, path.toByteArray());
    }

    /** Answers with an error when its turn comes. */
    private void settle(Connection c, Pending pending, ErrorCode error) {
        pending.settled(error.code());
        loop.enqueue(c, pending);
        drain(c);
    }

    /** Answers from the head of the queue what can be answered, as long as the client takes the answers. */
    void drain(Connection c) {
        while (c.phase == Phase.OPEN && !c.queue.isEmpty() && c.queue.getFirst().isReady()) {
            if (loop.isClogged(c, loop.limits.unsentBytesHigh())) {
                loop.stalls(c, true);
                return; // goes on when the client has taken some
            }
            loop.stalls(c, false);
            answer(c, loop.dequeue(c));
        }
        loop.resumeIfRoom(c);
    }

    /** Answers what this connection asked before {@code next}, since after {@code next} the view will be too new for it. */
    void drainBefore(Connection c, Pending next) {
        while (c.phase == Phase.OPEN) {
            Pending first = c.queue.getFirst();
            if (first == next || !first.isReady()) {
                return;
            }
            answer(c, loop.dequeue(c));
            if (loop.isClogged(c, loop.limits.unsentBytesMax())) {
                loop.close(c, CloseReason.SLOW_CLIENT);
            }
        }
    }

    private void answer(Connection c, Pending pending) {
        if (!pending.isOurs()) {
            reply(c, pending);
        } else if (Kind.of(pending.type, c) == Kind.UNKNOWN) {
            int error = ErrorCode.UNIMPLEMENTED.code();
            Frames.bare(loop.out(c), pending.xid, NO_ZXID, error);
            loop.answered(c, pending.type, pending.xid, NO_ZXID, pending.arrivedNanos);
            loop.close(c, CloseReason.UNIMPLEMENTED);
        } else {
            byte[] body = pending.body;
            reading.answer(c, pending.xid, pending.type, body, 0, body.length, pending.ids, pending.arrivedNanos);
        }
    }

    /** The zxid is the view's, which is the request's own unless the client was slow: so it never goes back. */
    private void reply(Connection c, Pending pending) {
        Writer out = loop.out(c);
        long zxid = loop.view().lastZxid();
        int start = Frames.begin(out, pending.xid, zxid);
        Outcome outcome = pending.outcome();
        int error = outcome == null ? pending.error() : Outcomes.write(out, pending.type, outcome);
        if (outcome == null && error == 0) {
            out.raw(pending.body, 0, pending.body.length); // of a sync: its path
        }
        Frames.end(out, start, error);
        loop.answered(c, pending.type, pending.xid, zxid, pending.arrivedNanos);
        if (error != 0) c.traffic.hasFailed();
        if (pending.type == OpCode.CLOSE_SESSION) { // also where the session was gone before
            loop.close(c, CloseReason.SESSION_CLOSED);
        }
    }
}
