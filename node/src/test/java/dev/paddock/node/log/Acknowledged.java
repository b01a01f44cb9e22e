package dev.paddock.node.log;

import dev.paddock.node.tree.Database;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server has been told of its disk, and so may have told others: what a crash must leave, and what more it may leave.
 * In a run of one thread.
 */
final class Acknowledged {
    private final TreeMap<Long, Database> states = new TreeMap<>(); // all that the log may end with, by last zxid
    private long floor; // zxid that it reaches at least
    private @Nullable Database installing; // which may have replaced all of that
    private long acceptedMin;
    private long acceptedMax;
    private long currentMin;
    private long currentMax;

    Acknowledged() {
        states.put(0L, Database.empty());
    }

    /** The newest state. */
    Database head() {
        return states.lastEntry().getValue();
    }

    Database oldest() {
        return states.firstEntry().getValue();
    }

    /** A zxid in the middle of all from this one on. */
    long since(long zxid) {
        List<Long> later = List.copyOf(states.tailMap(zxid, true).keySet());
        return later.get(later.size() / 2);
    }

    /** A record is about to be appended, after which this is the state. */
    void appending(Database next) {
        states.put(next.lastZxid(), next);
    }

    /** All that was appended is on disk. */
    void forced() {
        floor = states.lastKey();
    }

    /** A leader has the log cut after this zxid. */
    void cutting(long zxid) {
        floor = zxid;
    }

    void cut() {
        states.tailMap(floor, false).clear();
    }

    /** A leader's snapshot is about to replace everything. */
    void installing(Database database) {
        installing = database;
    }

    void installed() {
        Database database = installing;
        if (database == null) throw new IllegalStateException("nothing is being installed");
        installing = null;
        states.clear();
        states.put(database.lastZxid(), database);
        floor = database.lastZxid();
    }

    void accepting(long epoch) {
        acceptedMax = epoch;
    }

    void accepted() {
        acceptedMin = acceptedMax;
    }

    void entering(long epoch) {
        currentMax = epoch;
    }

    void entered() {
        currentMin = currentMax;
    }

    /** What is wrong with what a start has found; "" if nothing is. */
    String judge(Recovered found) {
        if (!found.isComplete() || !found.knowsEpochs()) return "takes itself for damaged: " + found.notes();
        if (found.acceptedEpoch() < acceptedMin || found.acceptedEpoch() > acceptedMax)
            return "has accepted epoch " + found.acceptedEpoch() + ", not " + acceptedMin + " to " + acceptedMax;
        if (found.currentEpoch() < currentMin || found.currentEpoch() > currentMax)
            return "is in epoch " + found.currentEpoch() + ", not " + currentMin + " to " + currentMax;
        Database whole = installing;
        if (whole != null
                && whole.lastZxid() == found.lastZxid()
                && whole.digest() == found.database().digest()) return "";
        if (found.lastZxid() < floor) return "ends at " + found.lastZxid() + ", before " + floor;
        Database expected = states.get(found.lastZxid());
        if (expected == null) return "ends at " + found.lastZxid() + ", which was never appended";
        if (expected.digest() == found.database().digest()) return "";
        String difference = expected.difference(found.database());
        return difference == null ? "" : "has another state at " + found.lastZxid() + ": " + difference;
    }
}
