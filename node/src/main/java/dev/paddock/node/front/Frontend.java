package dev.paddock.node.front;

import dev.paddock.node.front.Connection.Phase;
import dev.paddock.node.meter.Tally;
import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The logic of one client loop. It holds its clients' connections, the order of their requests, their watches and a view
 * of the tree, and takes no lock: it is owned by one loop and called on that loop's thread only.
 *
 * <p>The rules of ZooKeeper's session order come from three habits. Requests of a connection are answered in the order
 * they came. The view moves one transaction at a time: its watches fire, then its own request is answered, then the reads
 * which waited behind that request. And a read sets its watch and sees the view in one step, so no change slips between.
 *
 * <p>Answers gather in one buffer per connection until {@link #flush}, which the caller calls once per wake-up.
 */
public final class Frontend {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ClientLoop loop;
    private final Handshake handshake;
    private final Watching watching;
    private final Requests requests;
    private final Proving proving;

    /** Connections that came and had no session when last looked at, in the order they came. */
    private final ArrayDeque<Connection> newcomers = new ArrayDeque<>();

    /** Connections heard from since the last report, each once. */
    private final List<Connection> touched = new ArrayList<>();

    private long lastConnection;

    /**
     * A loop that serves nobody until it is told {@link Delivery.Serving}.
     *
     * @param index    of this loop among the client loops of the server
     * @param auth     how clients may prove who they are
     * @param hashSeed a number that clients cannot guess
     * @param core     takes what is asked of the core
     */
    public Frontend(int index, FrontLimits limits, AuthConfig auth, long hashSeed, Consumer<Submission> core) {
        this(index, limits, ServerLoad.ofOneLoop(Throttling.DEFAULT), auth, hashSeed, core);
    }

    /** Likewise, as one of several loops that share a load. */
    public Frontend(
            int index, FrontLimits limits, ServerLoad load, AuthConfig auth, long hashSeed, Consumer<Submission> core) {
        this.loop = new ClientLoop(index, limits, load, auth, hashSeed, core);
        this.handshake = new Handshake(loop);
        this.watching = new Watching(loop);
        this.proving = new Proving(loop);
        this.requests = new Requests(loop, new Reading(loop, watching), proving);
    }

    /**
     * A client has connected.
     *
     * @param ip         its address as text, the id it has in the scheme {@code ip}
     * @param nowNanos   monotonic time, never below that of an earlier input; likewise in the other inputs
     * @param wallMillis since 1970, only to be shown
     */
    public Connection accepted(ClientLink link, String ip, long nowNanos, long wallMillis) {
        var c = new Connection(++lastConnection, link, ip, nowNanos, wallMillis);
        loop.connections.put(c.id, c);
        newcomers.addLast(c);
        return c;
    }

    /**
     * A client has sent a frame: {@code buf[from, to)} without its length. The bytes are the caller's again afterwards.
     *
     * @return whether the connection takes another frame now; if not, {@link ClientLink#reading} says when it does again
     */
    public boolean frame(Connection c, byte[] buf, int from, int to, long nowNanos) {
        loop.nowNanos = nowNanos;
        c.traffic.received(to - from + 4);
        loop.traffic.received(to - from + 4);
        if (c.phase == Phase.NEW) {
            handshake.connect(c, buf, from, to);
        } else if (c.phase == Phase.OPEN && !c.deaf) {
            touch(c);
            requests.request(c, buf, from, to);
            loop.flushIfMany(c);
        }
        return loop.takesFrames(c);
    }

    /** The longest frame that the connection may send now; longer ones are not to be waited for. */
    public int frameBytesMax(Connection c) {
        return c.phase == Phase.NEW ? loop.limits.handshakeBytesMax() : loop.limits.frameBytesMax();
    }

    /** Whether a frame of so many bytes may be received from the connection now; if not, it is closed. */
    public boolean takesFrame(Connection c, int bytes) {
        boolean takes = loop.load.hasRoomFor(bytes);
        if (!takes) {
            loop.close(c, CloseReason.LARGE_REQUESTS);
        }
        return takes;
    }

    /** How much its watches may take of memory, for the log. */
    public String watchLimits() {
        FrontLimits limits = loop.limits;
        return "watchBytesMax=" + limits.watchBytesMax() + " of a connection or loopWatchBytesMax="
                + limits.loopWatchBytesMax() + " of its loop";
    }

    /** Whether nothing but the length of a first frame, or a four letter word, may come from this connection. */
    public boolean isNew(Connection c) {
        return c.phase == Phase.NEW;
    }

    /** A four letter word came in place of a first frame; the caller answers it and closes the connection. */
    public void word(Connection c) {
        c.traffic.received(4);
        loop.traffic.received(4);
        c.paused = true;
        c.asksWord = true;
    }

    /** A four letter word has its answer. */
    public void wordAnswered(Connection c) {
        loop.sent(c);
    }

    /** The client has come by TLS with a certificate of this subject, which the edge has verified. */
    public void certified(Connection c, String subject) {
        if (!proving.addAll(c, loop.authentication.x509Ids(subject))) {
            loop.close(c, CloseReason.AUTH_FAILED);
        }
    }

    /** What came is no frame; the connection is closed. */
    public void malformed(Connection c) {
        loop.close(c, CloseReason.MALFORMED);
    }

    /** The client has gone. */
    public void closed(Connection c) {
        if (c.isOpen()) {
            requests.releaseAll(c);
            loop.core.accept(new Submission.Disconnected(loop.index, c.id, c.sessionId));
        }
        if (c.phase != Phase.CLOSED) {
            if (!c.asksWord) count(Tally.CONNECTIONS_DROPPED);
            loop.forget(c);
        }
    }

    /** The network has taken answers of a connection that had too many unsent. */
    public void writable(Connection c, long nowNanos) {
        loop.nowNanos = nowNanos;
        if (c.isOpen()) {
            requests.drain(c);
        }
    }

    /** The core has told something, in this order. */
    public void delivered(List<? extends Delivery> batch, long nowNanos) {
        loop.nowNanos = nowNanos;
        for (Delivery delivery : batch) {
            delivered(delivery);
        }
        requests.letPass();
        proving.tick();
    }

    private void delivered(Delivery delivery) {
        switch (delivery) {
            case Delivery.Committed committed -> committed(committed);
            case Delivery.Synced(long connection, long sessionId, int cxid) -> synced(connection, cxid);
            case Delivery.SessionOpened(long connection, long sessionId, int timeoutMillis) ->
                handshake.opened(connection, sessionId, timeoutMillis);
            case Delivery.SessionRefused(long connection) -> {
                Connection c = loop.connections.get(connection);
                if (c != null) {
                    handshake.refused(c);
                }
            }
            case Delivery.Detach(long connection, long sessionId) -> close(connection, CloseReason.SESSION_MOVED);
            case Delivery.Moved(long connection, long sessionId) -> {
                Connection c = loop.connections.get(connection);
                if (c != null) {
                    c.isMoved = true;
                }
            }
            case Delivery.Expired(long connection, long sessionId) -> close(connection, CloseReason.SESSION_EXPIRED);
            case Delivery.Ended(long connection, long sessionId, int cxid) -> refused(connection, cxid, ErrorCode.OK);
            case Delivery.Refused(long connection, long sessionId, int cxid, ErrorCode error) -> {
                if (error == ErrorCode.SESSION_MOVED) {
                    close(connection, CloseReason.SESSION_MOVED);
                } else {
                    refused(connection, cxid, error);
                }
            }
            case Delivery.Serving serving -> {
                loop.view = serving.view();
                loop.readOnly = serving.readOnly();
                handshake.serving();
            }
            case Delivery.NotServing(boolean isBrief) -> {
                for (Connection c : List.copyOf(loop.connections.values())) {
                    if (!isBrief || (c.phase != Phase.NEW && c.phase != Phase.HELD))
                        loop.close(c, CloseReason.NOT_SERVING);
                }
                loop.view = null;
                handshake.notServing(isBrief);
            }
        }
    }

    private void committed(Delivery.Committed txn) {
        if (loop.view == null) return; // by a leader that takes no clients
        Connection c = loop.sessions.get(txn.sessionId());
        Pending asked = c == null ? null : c.writeOf(txn.cxid(), txn.type());
        if (c != null && asked != null && isMoved(txn.outcome())) {
            requests.moved(c);
        } else if (c != null && asked != null) {
            requests.drainBefore(c, asked);
        }
        loop.view = txn.after();
        watching.fire(txn.zxid(), txn.changes());
        if (c != null && asked != null) {
            asked.committed(txn.outcome());
            loop.leavesCore(asked);
            requests.drain(c);
        }
        if (c != null && txn.type() == OpCode.CLOSE_SESSION && !(txn.outcome() instanceof Outcome.Failed)) {
            loop.close(c, asked == null ? CloseReason.SESSION_EXPIRED : CloseReason.SESSION_CLOSED);
        }
    }

    private static boolean isMoved(Outcome outcome) {
        return outcome instanceof Outcome.Multi(List<Outcome> results)
                ? results.stream().anyMatch(Frontend::isMoved)
                : outcome instanceof Outcome.Failed(int error) && error == ErrorCode.SESSION_MOVED.code();
    }

    private void synced(long connection, int cxid) {
        Connection c = loop.connections.get(connection);
        settled(c, c == null ? null : c.unansweredSync(cxid), ErrorCode.OK);
    }

    private void refused(long connection, int cxid, ErrorCode error) {
        Connection c = loop.connections.get(connection);
        settled(c, c == null ? null : c.unanswered(cxid), error);
    }

    private void settled(@Nullable Connection c, @Nullable Pending asked, ErrorCode error) {
        if (c != null && asked != null) {
            requests.settled(c, asked, error);
        }
    }

    private void close(long connection, CloseReason reason) {
        Connection c = loop.connections.get(connection);
        if (c != null) {
            loop.close(c, reason);
        }
    }

    /** Time has passed: newcomers without a word are closed, and the core is told which sessions were heard from. */
    public void tick(long nowNanos) {
        loop.nowNanos = nowNanos;
        long limitNanos = loop.limits.handshakeMillis() * NANOS_PER_MILLI;
        while (!newcomers.isEmpty()) {
            Connection first = newcomers.getFirst();
            if (first.phase == Phase.NEW) {
                if (nowNanos - first.acceptedNanos < limitNanos) {
                    break;
                }
                loop.close(first, CloseReason.NO_SESSION);
            }
            newcomers.removeFirst();
        }
        handshake.tick();
        requests.letPass();
        proving.tick();
        reportTouched();
    }

    /**
     * Sends clients to other servers: one in {@code share} of the connections is closed, of those that wait for no answer. With
     * the last share the others are not listened to any more, so that they soon wait for none.
     *
     * @return how many are left
     */
    public int leave(int share) {
        int some = Math.ceilDiv(loop.connections.size(), share);
        for (Connection c : List.copyOf(loop.connections.values())) {
            boolean waits = c.phase == Phase.OPENING || !c.queue.isEmpty();
            if (!waits && some-- > 0) loop.close(c, CloseReason.LEAVING);
            else if (share == 1) c.deaf = true;
        }
        return loop.connections.size();
    }

    private void touch(Connection c) {
        if (!c.touched) {
            c.touched = true;
            touched.add(c);
        }
    }

    /** Also whose connection is closed meanwhile: it may have an answer, and count on its session. */
    private void reportTouched() {
        if (touched.isEmpty()) return;
        touched.forEach(c -> c.touched = false);
        loop.core.accept(new Submission.Touched(
                touched.stream().mapToLong(c -> c.sessionId).toArray()));
        touched.clear();
    }

    /** Sends all answers that were gathered. To be called once after the inputs of a wake-up. */
    public void flush() {
        loop.flush();
    }

    /** The chance that a new session is refused whatever else there is. */
    public double dropChance() {
        return loop.load.dropChance();
    }

    /** Counts what happened at the edge. */
    public void count(Tally tally) {
        loop.meter.tallies.count(tally);
    }

    /** A client has come without TLS, from this machine or from another. */
    public void countPlain(boolean isLocal) {
        count(isLocal ? Tally.PLAIN_LOCAL : Tally.PLAIN_REMOTE);
    }

    /** Counts of this loop up to now. */
    public LoopStats stats() {
        return LoopStats.of(loop);
    }

    /** What is shown of each connection, in the order they came. */
    public List<ConnectionStats> connectionStats() {
        var stats = new ArrayList<ConnectionStats>(loop.connections.size());
        for (Connection c : loop.connections.values()) {
            stats.add(ConnectionStats.of(c));
        }
        return stats;
    }

    /** What each session watches; takes time in proportion to {@link LoopStats#watches}. */
    public List<SessionWatches> sessionWatches() {
        var listed = new ArrayList<SessionWatches>(loop.watches.dataWatcherCount());
        loop.watches.forEachData((connection, paths) -> {
            Connection c = loop.connections.get(connection);
            if (c != null) {
                listed.add(new SessionWatches(c.sessionId, paths));
            }
        });
        return listed;
    }

    /** Counts all connections' packets from 0 again. */
    public void resetConnectionStats() {
        loop.connections.values().forEach(c -> c.traffic.reset());
    }

    /** Counts the loop's packets from 0 again. */
    public void resetStats() {
        loop.traffic.reset();
        loop.meter.reset();
    }
}
