package dev.paddock.node.front;

import dev.paddock.node.front.Connection.Phase;
import dev.paddock.node.meter.Tally;
import dev.paddock.node.request.AclRules;
import dev.paddock.node.tree.Database;
import dev.paddock.node.watch.WatchTable;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the parts of a {@link Frontend} share: its connections, its view, its answers on their way, and its bounds. */
final class ClientLoop {
    private static final int FLUSH_BYTES =
            64 << 10; // an answer buffer of this size goes at once, not at the end of the wake-up
    private static final long NOTE_NANOS = 1_000_000_000L; // between notes on the same matter
    private static final int LENGTH_BYTES = 4; // before each frame
    private static final int WRITER_BYTES = 4 << 10;
    private static final int SPARE_WRITERS_MAX = 64;
    private static final int SPARE_WRITER_BYTES_MAX = 256 << 10;

    final int index;
    final FrontLimits limits;
    final Authentication authentication;
    final AclRules acl;
    final ServerLoad load;
    final Consumer<Submission> core;
    final Traffic traffic = new Traffic();
    final FrontMeter meter = new FrontMeter();
    final WatchTable watches;

    /** All that are not closed, in the order they came. */
    final Map<Long, Connection> connections = new LinkedHashMap<>();

    /** Session id to its open connection; looked up, never iterated. */
    final Map<Long, Connection> sessions = new HashMap<>();

    /** The state that reads are answered from; null while nobody is served. */
    @Nullable
    Database view;

    boolean readOnly;

    /** Monotonic time of the input being handled. */
    long nowNanos;

    private long nextNoteNanos = Long.MIN_VALUE; // on a large answer
    private int unnoted; // large answers since

    private final List<Connection> unflushed = new ArrayList<>();
    private final List<Writer> spareWriters = new ArrayList<>();
    private long queuedBytes;

    ClientLoop(
            int index, FrontLimits limits, ServerLoad load, AuthConfig auth, long hashSeed, Consumer<Submission> core) {
        this.index = index;
        this.limits = limits;
        this.load = load;
        this.authentication = new Authentication(auth);
        this.acl = new AclRules(auth.schemes());
        this.core = core;
        this.watches = new WatchTable(hashSeed);
    }

    /** The state that reads are answered from; the caller knows that clients are served, since it has an open one. */
    Database view() {
        Database now = view;
        if (now == null) {
            throw new IllegalStateException("an open connection and no view");
        }
        return now;
    }

    /** Where answers to this connection go; they leave at the end of the wake-up. */
    Writer out(Connection c) {
        Writer out = c.out;
        if (out == null) {
            out = spareWriters.isEmpty() ? new Writer(WRITER_BYTES) : spareWriters.removeLast();
            c.out = out;
            unflushed.add(c);
        }
        return out;
    }

    /** Sends what answers there are. */
    void flush() {
        for (Connection c : unflushed) {
            flush(c);
            Writer out = c.out;
            if (out != null) {
                c.out = null;
                if (spareWriters.size() < SPARE_WRITERS_MAX && out.array().length <= SPARE_WRITER_BYTES_MAX) {
                    spareWriters.add(out);
                }
            }
        }
        unflushed.clear();
    }

    /** Sends what answers this connection has. */
    void flush(Connection c) {
        Writer out = c.out;
        if (out != null && out.length() > 0) {
            if (c.phase != Phase.CLOSED) {
                c.link.send(out.array(), 0, out.length());
            }
            out.clear();
            c.answeredTo = 0;
        }
    }

    /** Sends a connection's answers now if they are many. */
    void flushIfMany(Connection c) {
        if (c.out != null && c.out.length() >= FLUSH_BYTES) {
            flush(c);
        }
    }

    /** Counts what is no frame with a reply header: the answer to a handshake, or to a four letter word. */
    void sent(Connection c) {
        c.answeredTo = c.out == null ? 0 : c.out.length();
        c.traffic.sent++;
        traffic.sent++;
    }

    /** Counts a frame that answers no request; its length is returned. */
    int notified(Connection c) {
        int bytes = framed(c);
        c.traffic.sent++;
        traffic.sent++;
        return bytes;
    }

    /** Counts the answer to a request. */
    void answered(Connection c, int type, int xid, long zxid, long arrivedNanos) {
        counted(c, type, xid, zxid, arrivedNanos, Kind.of(type).isUpdate());
        int bytes = framed(c);
        if (type != OpCode.PING) meter.tallies.add(Tally.RESPONSE_BYTES, bytes); // as by Apache
    }

    /** Counts the answer to a handshake that has opened a session, for Apache a request like others. */
    void opened(Connection c, boolean isUpdate) {
        c.answeredTo = c.out == null ? 0 : c.out.length();
        counted(c, OpCode.CREATE_SESSION, 0, view().lastZxid(), c.handshakeNanos, isUpdate);
    }

    private void counted(Connection c, int type, int xid, long zxid, long arrivedNanos, boolean isUpdate) {
        c.traffic.answered(type, xid, zxid, arrivedNanos, nowNanos);
        traffic.answered(type, xid, zxid, arrivedNanos, nowNanos);
        meter.answered(isUpdate, traffic.lastLatencyMillis());
    }

    private int framed(Connection c) {
        int to = c.out == null ? 0 : c.out.length();
        int bytes = to - c.answeredTo - LENGTH_BYTES;
        c.answeredTo = to;
        meter.framed(bytes);
        return bytes;
    }

    /** An answer is longer than clients take that have the default limit; it is sent all the same, as by Apache ZooKeeper. */
    void largeAnswer(Connection c, int type, int bytes) {
        unnoted++;
        if (nowNanos < nextNoteNanos) return;
        c.link.note("answer to " + OpCode.name(type) + " of " + bytes + " bytes is over jute.maxbuffer="
                + limits.frameBytesMax() + ": the client takes it only if its own jute.maxbuffer is larger"
                + (unnoted > 1 ? "; " + unnoted + " such answers since the last note" : ""));
        nextNoteNanos = nowNanos + NOTE_NANOS;
        unnoted = 0;
    }

    void enqueue(Connection c, Pending pending) {
        c.add(pending);
        queuedBytes += pending.bytes();
        if (!c.isStalled) load.outstanding(1);
        load.large(pending.body.length);
    }

    Pending dequeue(Connection c) {
        Pending first = c.removeFirst();
        queuedBytes -= first.bytes();
        waitsNoMore(c, first);
        return first;
    }

    private void waitsNoMore(Connection c, Pending pending) {
        if (!c.isStalled) load.outstanding(-1);
        load.large(-pending.body.length);
        leavesCore(pending);
    }

    /** Gives back the place that a request may have among those the core works on. */
    void leavesCore(Pending pending) {
        if (pending.inProcess) {
            pending.inProcess = false;
            load.leave();
        }
    }

    /** Notes that a client does not take its answers, or does again; the others must not wait for it. */
    void stalls(Connection c, boolean is) {
        if (c.isStalled == is) return;
        c.isStalled = is;
        load.outstanding(is ? -c.queue.size() : c.queue.size());
    }

    /** Sends what answers this connection has; whether too many are unsent then. */
    boolean isClogged(Connection c, int bytesMax) {
        flushIfMany(c);
        return c.link.unsentBytes() > bytesMax;
    }

    /** Whether the connection may hand over another frame; if not it stops reading until {@link #resumeIfRoom}. */
    boolean takesFrames(Connection c) {
        boolean takes = switch (c.phase) {
            case NEW -> true;
            case OPEN -> !c.deaf && !c.waits && hasRoom(c, 1);
            case HELD, OPENING, CLOSED -> false;
        };
        if (!takes && !c.paused && c.phase != Phase.CLOSED) {
            c.paused = true;
            c.link.reading(false);
        }
        return takes;
    }

    /** Goes on reading if that was stopped and half of what stopped it is gone. */
    void resumeIfRoom(Connection c) {
        if (c.paused && c.phase == Phase.OPEN && !c.deaf && !c.waits && hasRoom(c, 2)) {
            c.paused = false;
            c.link.reading(true);
        }
    }

    private boolean hasRoom(Connection c, int divisor) {
        return c.queue.size() < limits.queuedRequestsMax() / divisor
                && c.queuedBytes < limits.queuedBytesMax() / divisor
                && (c.queue.isEmpty() || (queuedBytes < limits.loopQueuedBytesMax() && !load.isHigh()))
                && c.link.unsentBytes() <= limits.unsentBytesHigh() / divisor;
    }

    /** Closes a connection of our own will, after the answers it has. */
    void close(Connection c, CloseReason reason) {
        if (c.phase == Phase.CLOSED) {
            return;
        }
        meter.closed(reason);
        flush(c);
        if (c.isOpen() && leavesSession(reason)) {
            core.accept(new Submission.Disconnected(index, c.id, c.sessionId));
        }
        forget(c);
        c.link.close(reason);
    }

    /** The connection is gone, or about to be. */
    void forget(Connection c) {
        if (c.isOpen()) {
            sessions.remove(c.sessionId, c);
            watches.removeConnection(c.id);
        }
        queuedBytes -= c.queuedBytes;
        c.queue.forEach(pending -> waitsNoMore(c, pending));
        c.queue.clear();
        c.queuedBytes = 0;
        c.phase = Phase.CLOSED;
        connections.remove(c.id);
    }

    /** Whether the core does not know yet that the session has lost its connection. */
    private static boolean leavesSession(CloseReason reason) {
        return switch (reason) {
            case SESSION_CLOSED, SESSION_EXPIRED, SESSION_REFUSED, SESSION_MOVED, NOT_SERVING -> false;
            case NO_SESSION,
                    MALFORMED,
                    UNIMPLEMENTED,
                    AUTH_FAILED,
                    AUTH_REQUIRED,
                    STRANGER,
                    CLIENT_AHEAD,
                    NOT_READ_ONLY_CLIENT,
                    LEAVING,
                    SLOW_CLIENT,
                    TOO_MANY_WATCHES,
                    TOO_MANY_SESSIONS,
                    LARGE_REQUESTS,
                    STALE_REQUEST -> true;
        };
    }
}
