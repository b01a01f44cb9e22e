package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Request;
import dev.paddock.wire.WatcherEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The data watches of one session, and one of the children of the root. An event comes once, after a cause and before any answer that shows the change,
 * wherever the session goes; events come in the order of their causes.
 */
final class Watched {
    private static final long NONE = -1;

    private final Simulation sim;
    private final SimClient client;
    private final Map<String, Long> since = new TreeMap<>(); // path to the zxid of the answer that set the watch
    private final Set<String> missing = new TreeSet<>(); // those of them that wait for a znode to be created

    private long childrenSince = NONE; // the zxid of the answer that set the watch on the children of the root
    private long lastCause; // of the newest event
    private boolean isRestoring; // what was missed is told in any order

    Watched(Simulation sim, SimClient client) {
        this.sim = sim;
        this.client = client;
    }

    void set(String path, long zxid, boolean exists) {
        since.putIfAbsent(path, zxid);
        if (!exists) missing.add(path);
    }

    /** Likewise on the children of the root; one that is there stays. */
    void setChildren(long zxid) {
        if (childrenSince == NONE) childrenSince = zxid;
    }

    void clear() {
        isRestoring = false;
        childrenSince = NONE;
        since.clear();
        missing.clear();
    }

    boolean isEmpty() {
        return since.isEmpty() && childrenSince == NONE;
    }

    /** Asks another server for the same watches, and for what was missed since a zxid. */
    Request.SetWatches since(long zxid) {
        List<String> present =
                since.keySet().stream().filter(path -> !missing.contains(path)).toList();
        return new Request.SetWatches(
                sim.ignoresMissedEvents ? Long.MAX_VALUE : zxid,
                present,
                List.copyOf(missing),
                childrenSince == NONE ? List.of() : List.of("/"));
    }

    /** They are about to be set again. */
    void restoring() {
        isRestoring = true;
    }

    /** They are set again, at the state of this zxid. A znode that came and went meanwhile is not told of. */
    void restored(long zxid) {
        isRestoring = false;
        lastCause = zxid;
        for (String path : missing) {
            assertThat(sim.oracle.isMissing(path, zxid))
                    .as("%s: client %d waits for %s, which is there at %x", sim, client.number, path, zxid)
                    .isTrue();
            since.put(path, zxid);
        }
    }

    void fired(WatcherEvent event) {
        boolean isOfChildren = event.type() == WatcherEvent.NODE_CHILDREN_CHANGED;
        Long set = isOfChildren ? Long.valueOf(childrenSince) : since.remove(event.path());
        if (isOfChildren) childrenSince = NONE;
        else missing.remove(event.path());
        if (set == null || set == NONE)
            throw new AssertionError(sim + ": client " + client.number + " did not ask for " + event);
        long cause = sim.oracle.firstChange(event.path(), set);
        assertThat(cause)
                .as("%s: %s told to client %d without a cause since %x", sim, event, client.number, set)
                .isPositive();
        if (isRestoring) return;
        assertThat(cause)
                .as("%s: %s told to client %d behind what came after it", sim, event, client.number)
                .isGreaterThanOrEqualTo(lastCause);
        lastCause = cause;
    }

    /** An answer shows the state at {@code zxid}. */
    void nothingMissed(long zxid) {
        since.forEach((path, set) -> nothingMissed(path, set, zxid));
        if (childrenSince != NONE) nothingMissed("/", childrenSince, zxid);
    }

    private void nothingMissed(String path, long set, long zxid) {
        long change = sim.oracle.firstChange(path, set);
        assertThat(change < 0 || change > zxid)
                .as(
                        "%s: client %d sees %x and was not told of the change of %s at %x",
                        sim, client.number, zxid, path, change)
                .isTrue();
    }
}
