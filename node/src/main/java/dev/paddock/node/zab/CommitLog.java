package dev.paddock.node.zab;

import dev.paddock.wire.Zxid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The newest committed transactions, without a gap, to bring learners up to date from. Bounded by count and by bytes. */
final class CommitLog {
    private final Deque<Proposal> entries = new ArrayDeque<>(); // ascending
    private final int countMax;
    private final long bytesMax;
    private long bytes;

    CommitLog(int countMax, long bytesMax) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    void add(Proposal p) {
        entries.addLast(p);
        bytes += p.payload().length;
        while (entries.size() > countMax || bytes > bytesMax) {
            bytes -= entries.removeFirst().payload().length;
        }
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }

    /**
     * How a learner whose log ends at {@code last} gets to our newest entry.
     *
     * <p>Holding one transaction of an epoch means sharing all before it, since an epoch has one leader and one sequence.
     * So the newest common entry is trusted only if it is {@code last} itself or of the same epoch; across an epoch the
     * learner's log may lack what lies between.
     *
     * @return the zxid to cut its log to, and what it lacks after that; empty if these entries cannot tell
     */
    Optional<Diff> diffFrom(long last) {
        if (entries.isEmpty() || last < entries.getFirst().zxid()) return Optional.empty();
        long common = 0;
        List<Proposal> missing = new ArrayList<>();
        for (Proposal p : entries) {
            if (p.zxid() <= last) common = p.zxid();
            else missing.add(p);
        }
        return Zxid.epoch(common) == Zxid.epoch(last) ? Optional.of(new Diff(common, missing)) : Optional.empty();
    }

    /**
     * @param common the newest zxid that both hold
     * @param missing what comes after it, ascending
     */
    record Diff(long common, List<Proposal> missing) {}
}
