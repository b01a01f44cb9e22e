package dev.paddock.node.zab;

import dev.paddock.node.Invariant;
import dev.paddock.wire.Zxid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * One server's log as Zab sees it: appended, forced, committed. The last zxid comes from the log alone, never from the
 * state in memory (ZOOKEEPER-2845). Owned by the core thread.
 */
final class History {
    private static final long UNFORCED_BYTES_MAX = 128L << 20;

    private final Deque<Proposal> pending = new ArrayDeque<>(); // appended, not committed; ascending
    private final CommitLog recent; // committed; its end meets the start of pending
    private long lastAppended; // lastForced <= lastAppended
    private long lastForced;
    private long lastCommitted; // <= lastAppended
    private long agreed; // zxid that a quorum holds, as we have seen since we started; whoever cuts below it is wrong
    private final Deque<Proposal> unforced = new ArrayDeque<>(); // appended, not forced; ascending
    private long unforcedBytes;
    private boolean installing; // a snapshot is on its way to the disk; what was forced before says nothing any more

    History(long lastZxid, List<Proposal> recent, CommitLog commitLog) {
        this.recent = commitLog;
        reset(lastZxid, recent);
    }

    /** Starts anew from what the disk holds: all of it is forced and counts as committed history. */
    void reset(long lastZxid, List<Proposal> newest) {
        pending.clear();
        recent.clear();
        newest.forEach(recent::add);
        unforced.clear();
        unforcedBytes = 0;
        lastAppended = lastZxid;
        lastForced = lastZxid;
        lastCommitted = lastZxid;
        installing = false;
    }

    /** As {@link #reset}, for a snapshot that is on its way to the disk. */
    void installing(long zxid) {
        reset(zxid, List.of());
        lastForced = 0;
        installing = true;
    }

    /** The snapshot is on disk, and nothing that the log held before is left. */
    void installed(long zxid) {
        installing = false;
        forced(zxid);
    }

    /**
     * Appends the next transaction to the log.
     *
     * @throws ProtocolException if it does not follow the last one: inside an epoch there are no gaps
     */
    void append(Proposal p, Consumer<Effect> out) {
        boolean follows = Zxid.epoch(p.zxid()) == Zxid.epoch(lastAppended)
                ? p.zxid() == lastAppended + 1
                : p.zxid() > lastAppended && Zxid.counter(p.zxid()) == 1;
        if (!follows) {
            throw new ProtocolException(
                    "proposed " + Zxid.toString(p.zxid()) + " after " + Zxid.toString(lastAppended));
        }
        lastAppended = p.zxid();
        pending.add(p);
        unforced.add(p);
        unforcedBytes += p.payload().length;
        out.accept(new Effect.Append(p));
    }

    /** The log is on disk up to {@code zxid}. */
    void forced(long zxid) {
        if (installing) return;
        lastForced = Math.max(lastForced, Math.min(zxid, lastAppended));
        while (!unforced.isEmpty() && unforced.getFirst().zxid() <= lastForced) {
            unforcedBytes -= unforced.removeFirst().payload().length;
        }
    }

    /** Whether the disk is so far behind that this server must not take more. */
    boolean isDiskStuck() {
        return unforcedBytes > UNFORCED_BYTES_MAX;
    }

    boolean isForced(long zxid) {
        return !installing && lastForced >= zxid;
    }

    /** Commits the oldest pending transaction, which must be {@code zxid}. */
    void commit(long zxid, Consumer<Effect> out) {
        Proposal next = pending.peekFirst();
        Invariant.check(next != null && next.zxid() == zxid, "commit out of order", zxid, lastCommitted);
        pending.removeFirst();
        lastCommitted = zxid;
        recent.add(next);
        out.accept(new Effect.Commit(next));
    }

    /** What is committed now a quorum holds: an established leader said so, or we were one. */
    void agree() {
        agreed = Math.max(agreed, lastCommitted);
    }

    /** @throws ProtocolException if what a quorum holds is beyond {@code zxid}, to which a leader wants us to go back */
    void checkAgreed(long zxid) {
        if (zxid >= agreed) return;
        throw new ProtocolException("takes us back to " + Zxid.toString(zxid)
                + ", before what a quorum has committed up to " + Zxid.toString(agreed));
    }

    /**
     * What is in the log becomes this server's history, committed or not: the leader-to-be makes it everybody's, a
     * follower will be told what to cut.
     */
    void adoptPending(Consumer<Effect> out) {
        while (!pending.isEmpty()) commit(pending.getFirst().zxid(), out);
    }

    Deque<Proposal> pending() {
        return pending;
    }

    CommitLog recent() {
        return recent;
    }

    long lastAppended() {
        return lastAppended;
    }

    long lastForced() {
        return lastForced;
    }

    long lastCommitted() {
        return lastCommitted;
    }
}
