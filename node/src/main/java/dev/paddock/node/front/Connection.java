package dev.paddock.node.front;

import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Writer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One client's connection. Opaque outside; owned by the client loop of its {@link Frontend}. */
public final class Connection {

    /** How far it has come. It only goes forward. */
    enum Phase {
        /** Nothing was heard yet. */
        NEW,
        /** Its handshake waits for this server to have a leader. */
        HELD,
        /** The core was asked for its session. */
        OPENING,
        /** It has a session. */
        OPEN,
        /** Gone, or closed by us. */
        CLOSED
    }

    final long id;
    final ClientLink link;
    final String ip;
    final long acceptedNanos;
    final long acceptedMillis;
    final Traffic traffic = new Traffic();

    /** What waits for its turn, in the order it came. */
    final ArrayDeque<Pending> queue = new ArrayDeque<>();

    Phase phase = Phase.NEW;
    List<Id> ids;

    /** Bytes of the ids, as UTF-8. */
    int idBytes;

    /** Its SASL exchange; null before the first token. */
    SaslLogin.@Nullable Exchange sasl;

    long sessionId;
    int timeoutMillis;

    /** What to answer the handshake with: the {@link dev.paddock.wire.Extensions} agreed on, 0 for none. */
    int protocolVersion;

    /** What the client said in its ConnectRequest; the answer has the field only if the request had it. */
    Optional<Boolean> readOnly = Optional.empty();

    /** Bytes of what waits. */
    long queuedBytes;

    /** Its syncs that the core has not answered. */
    int syncs;

    /** Whether the link was told to stop reading. */
    boolean paused;

    /** Whether answers are ready that it does not take: what it asked is then no load of the server's. */
    boolean isStalled;

    /** Where in {@link #out} the last answer or event ends. */
    int answeredTo;

    /** Whether its session has gone to another server. */
    boolean isMoved;

    /** Whether a four letter word came in place of a handshake. */
    boolean asksWord;

    /** When its handshake came, and whether that was to come back to a session. */
    long handshakeNanos;

    boolean comesBack;

    /** Whether its last request has come: what comes after it is not looked at. */
    boolean deaf;

    /** Whether it is left unread for a while, since proofs have failed, and until when. */
    boolean waits;

    long waitsUntilNanos;

    /** Whether it was heard from since the last report. */
    boolean touched;

    /** Answers to go at the end of this wake-up; null between wake-ups. */
    @Nullable
    Writer out;

    Connection(long id, ClientLink link, String ip, long acceptedNanos, long acceptedMillis) {
        this.id = id;
        this.link = link;
        this.ip = ip;
        this.acceptedNanos = acceptedNanos;
        this.acceptedMillis = acceptedMillis;
        this.ids = List.of(new Id("ip", ip));
        this.idBytes = Identities.bytes(ids.getFirst());
    }

    /** Whether it has a session on this loop. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    void add(Pending pending) {
        queue.addLast(pending);
        queuedBytes += pending.bytes();
    }

    Pending removeFirst() {
        Pending first = queue.removeFirst();
        queuedBytes -= first.bytes();
        return first;
    }

    /**
     * The request that became a transaction of this session; null if it was none of this connection. Writes become
     * transactions in the order they were submitted, so it can only be the first that the core has not answered; and an
     * xid alone proves nothing, since a client may count from 1 again on each connection to its session.
     */
    @Nullable
    Pending writeOf(int cxid, int txnType) {
        for (Pending pending : queue) {
            if (pending.awaitsCore() && pending.type != OpCode.SYNC) {
                return pending.becomes(cxid, txnType) ? pending : null;
            }
        }
        return null;
    }

    /** The first request that the core has not answered and that has this xid; null if there is none. */
    @Nullable
    Pending unanswered(int xid) {
        for (Pending pending : queue) {
            if (pending.awaitsCore() && pending.xid == xid) {
                return pending;
            }
        }
        return null;
    }

    /** Likewise, if it is a sync. */
    @Nullable
    Pending unansweredSync(int xid) {
        for (Pending pending : queue) {
            if (pending.awaitsCore() && pending.type == OpCode.SYNC && pending.xid == xid) {
                return pending;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return "connection " + id + " of " + ip + (sessionId == 0 ? "" : " session 0x" + Long.toHexString(sessionId));
    }
}
