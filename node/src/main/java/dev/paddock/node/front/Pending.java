package dev.paddock.node.front;

import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request whose answer waits for those before it, or for the core. */
final class Pending {
    private static final int OVERHEAD_BYTES = 64; // this object and its place in the queue

    /** Who makes the answer. */
    private enum Answer {
        /** This loop, when its turn comes. */
        OURS,
        /** The core, once it is asked. */
        HELD,
        /** The core; it has not said it yet. */
        AWAITED,
        /** The core has said it. */
        KNOWN
    }

    final int xid;
    final int type;
    final byte[] body;
    final long arrivedNanos;

    /** Who has asked: what the connection proves while this waits counts for what comes after it. */
    final List<Id> ids;

    /** Whether it has a place among the requests that the core works on. */
    boolean inProcess;

    /** Whether it waits for such a place, or did. */
    boolean isThrottled;

    private Answer answer;
    private final @Nullable Submission held;
    private int error;
    private @Nullable Outcome outcome;

    private Pending(
            int xid, int type, byte[] body, List<Id> ids, long arrivedNanos, Answer answer, @Nullable Submission held) {
        this.xid = xid;
        this.type = type;
        this.body = body;
        this.ids = ids;
        this.arrivedNanos = arrivedNanos;
        this.answer = answer;
        this.held = held;
    }

    /** A request that this loop answers itself when its turn comes. */
    static Pending ours(int xid, int type, byte[] body, List<Id> ids, long arrivedNanos) {
        return new Pending(xid, type, body, ids, arrivedNanos, Answer.OURS, null);
    }

    /** A request that the core is to be asked for, at once or later. */
    static Pending held(Submission.Submit ask, long arrivedNanos) {
        return new Pending(ask.cxid(), ask.type(), ask.body(), ask.ids(), arrivedNanos, Answer.HELD, ask);
    }

    /** What the core is to be asked now if this was held; null otherwise. */
    @Nullable
    Submission release() {
        if (answer != Answer.HELD) {
            return null;
        }
        answer = Answer.AWAITED;
        return held;
    }

    /** The core's answer: what the transaction came to that the request became. */
    void committed(Outcome committedOutcome) {
        answer = Answer.KNOWN;
        outcome = committedOutcome;
    }

    /** The core's answer where there is no transaction; an error of 0 is good news. */
    void settled(int errorCode) {
        answer = Answer.KNOWN;
        error = errorCode;
    }

    /** Whether the core is still to be asked. */
    boolean isHeld() {
        return answer == Answer.HELD;
    }

    /** Whether the core was asked and has not answered. */
    boolean awaitsCore() {
        return answer == Answer.AWAITED;
    }

    /** Whether all is known that the answer needs, but its turn. */
    boolean isReady() {
        return answer == Answer.OURS || answer == Answer.KNOWN;
    }

    /** Whether a transaction may be what this request came to: one of its own type, or an error. */
    boolean becomes(int cxid, int txnType) {
        return xid == cxid && (txnType == type || txnType == OpCode.ERROR);
    }

    boolean isOurs() {
        return answer == Answer.OURS;
    }

    int error() {
        return error;
    }

    /** What the transaction came to; null if there is none. */
    @Nullable
    Outcome outcome() {
        return outcome;
    }

    int bytes() {
        return body.length + OVERHEAD_BYTES;
    }
}
