package dev.paddock.node.front;

import java.util.function.Supplier;

/**
 * What the client loops of a server do together, against {@link Throttling}. Every loop calls it on its own thread; what
 * several threads may count with, and take tokens from, is given by who builds it.
 */
public final class ServerLoad {

    /** Takes tokens for a session; false if it must not be opened now. */
    public interface Admission {
        boolean admits(int tokens, long nowNanos);

        /** Tokens that are lacking now. */
        default long deficit() {
            return 0;
        }

        /** The chance that a session is refused whatever tokens there are. */
        default double dropChance() {
            return 0;
        }
    }

    /** Starts at 0, adds what it is given and tells the sum. */
    public interface Counter {
        long add(long delta);
    }

    final Throttling throttling;
    private final Admission admission;
    private final Counter outstanding;
    private final Counter inProcess;
    private final Counter largeBytes;

    /**
     * Starts idle.
     *
     * @param counters gives a new one each time
     */
    public ServerLoad(Throttling throttling, Supplier<Counter> counters, Admission admission) {
        this.throttling = throttling;
        this.admission = admission;
        this.outstanding = counters.get();
        this.inProcess = counters.get();
        this.largeBytes = counters.get();
    }

    /** The load of a server with one client loop. */
    static ServerLoad ofOneLoop(Throttling throttling) {
        return new ServerLoad(
                throttling,
                () -> {
                    long[] sum = {0};
                    return delta -> sum[0] += delta;
                },
                (tokens, nowNanos) -> true);
    }

    /** Whether a client may open a session now, or come back to one. */
    boolean admits(boolean isRenewal, long nowNanos) {
        var rules = throttling.connections();
        return admission.admits(isRenewal ? rules.renewalTokens() : rules.newSessionTokens(), nowNanos);
    }

    long tokenDeficit() {
        return admission.deficit();
    }

    double dropChance() {
        return admission.dropChance();
    }

    /** So many more requests wait for their answers, or fewer. */
    void outstanding(int more) {
        outstanding.add(more);
    }

    /** Requests that wait for their answers. */
    public long outstanding() {
        return outstanding.add(0);
    }

    /** Whether connections with something outstanding should send no more. */
    boolean isHigh() {
        return outstanding() > throttling.outstandingMax();
    }

    boolean limitsProcess() {
        return throttling.inProcessMax() > 0;
    }

    /** Takes a place among the requests that the core works on; false if all are taken. */
    boolean enter() {
        if (inProcess.add(1) <= throttling.inProcessMax()) return true;
        leave();
        return false;
    }

    /** Gives back a place that {@link #enter} gave. */
    void leave() {
        inProcess.add(-1);
    }

    /** Whether a request of this size may be received. */
    boolean hasRoomFor(int bytes) {
        return !throttling.isLarge(bytes) || largeBytes.add(0) + bytes <= throttling.largeBytesMax();
    }

    /** A request of so many bytes waits for its answer; with a minus, it waits no more. */
    void large(int bytes) {
        if (throttling.isLarge(Math.abs(bytes))) largeBytes.add(bytes);
    }
}
