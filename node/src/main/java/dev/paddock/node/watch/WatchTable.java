package dev.paddock.node.watch;

import dev.paddock.node.tree.Change;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import dev.paddock.node.watch.Watch.WatchedPath;
import dev.paddock.node.watch.Watch.Watcher;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The watches of the connections of one client loop, with the rules of Apache ZooKeeper 3.9's {@code WatchManager}. A
 * unique path costs about 80 bytes and its own length; removing a connection takes time in proportion to what it
 * watches. Owned by the client loop.
 */
public final class WatchTable {
    private static final int ONCE = WatchKind.DATA.bit | WatchKind.CHILD.bit;
    private static final int OF_DATA =
            WatchKind.DATA.bit | WatchKind.PERSISTENT.bit | WatchKind.PERSISTENT_RECURSIVE.bit;
    private static final int OF_CHILDREN = WatchKind.CHILD.bit | WatchKind.PERSISTENT.bit;
    private static final List<Acl> FOR_ALL = List.of();
    private static final byte[] NULL_PATH = {(byte) 0xff}; // which no UTF-8 has

    private final Watches watches;
    private long count;
    private int recursiveCount;
    private long dataCount; // in Apache's table of data watches, and by how many connections on how many paths
    private int dataWatcherCount;
    private int dataPathCount;

    /**
     * Starts empty.
     *
     * @param hashSeed a number that clients cannot guess, so that none can choose paths that collide
     */
    public WatchTable(long hashSeed) {
        this.watches = new Watches(hashSeed);
    }

    /**
     * Sets a watch; one that is there already stays as it is. On what is no path, null among it, none ever fires, but it can be
     * asked for and removed.
     */
    public void add(WatchKind kind, @Nullable String path, long connection) {
        byte[] utf8 = utf8(path);
        Watch watch = watches.findOrAdd(utf8, 0, utf8.length, connection);
        change(watch, watch.kinds | kind.bit);
    }

    /**
     * Fires what waits for a change. A connection gets one event at most; watches that are not persistent are spent.
     * The events of one path go to the connections in the order in which these set their watches.
     */
    public void trigger(Change change, WatchSink sink) {
        if (count == 0) return;
        byte[] path = change.path().getBytes(StandardCharsets.UTF_8);
        switch (change.kind()) {
            case CREATED -> fire(change, path, WatcherEvent.NODE_CREATED, OF_DATA, sink);
            case DATA_CHANGED -> fire(change, path, WatcherEvent.NODE_DATA_CHANGED, OF_DATA, sink);
            case DELETED -> fire(change, path, WatcherEvent.NODE_DELETED, OF_DATA | OF_CHILDREN, sink);
            case CHILDREN_CHANGED -> fire(change, path, WatcherEvent.NODE_CHILDREN_CHANGED, OF_CHILDREN, sink);
        }
    }

    private void fire(Change change, byte[] path, int type, int kinds, WatchSink sink) {
        boolean recursive = recursiveCount > 0 && (kinds & WatchKind.PERSISTENT_RECURSIVE.bit) != 0;
        Set<Long> told = recursive ? new HashSet<>() : Set.of(); // looked up only
        WatchedPath watched = watches.path(path, 0, path.length);
        for (Watch at = watched == null ? null : watched.first; at != null; ) {
            Watch next = at.laterOfPath;
            if ((at.kinds & kinds) != 0) {
                if (recursive) told.add(at.watcher.connection);
                sink.event(at.watcher.connection, type, change.path(), change.acl());
                change(at, at.kinds & ~(kinds & ONCE));
            }
            at = next;
        }
        if (recursive) fireAbove(change, path, type, told, sink);
    }

    /** Who watches an ancestor and all below it. */
    private void fireAbove(Change change, byte[] path, int type, Set<Long> told, WatchSink sink) {
        for (int end = path.length; end > 1; ) {
            do end--;
            while (path[end] != '/');
            WatchedPath watched = watches.path(path, 0, Math.max(end, 1));
            for (Watch at = watched == null ? null : watched.first; at != null; at = at.laterOfPath) {
                boolean fires = (at.kinds & WatchKind.PERSISTENT_RECURSIVE.bit) != 0;
                if (fires && told.add(at.watcher.connection)) {
                    sink.event(at.watcher.connection, type, change.path(), change.acl());
                }
            }
        }
    }

    /** Forgets a connection. */
    public void removeConnection(long connection) {
        Watcher watcher = watches.watcher(connection);
        while (watcher != null && watcher.newest != null) change(watcher.newest, WatchKind.NONE);
    }

    /**
     * Sets the watches of a session again after it came to this connection; those whose event it missed fire at once.
     * Whether a znode went and came back meanwhile cannot be told from its stat alone; a data watch then fires as data
     * changed, as Apache's does.
     *
     * @throws WireException at a null list, or a null path where a znode is looked for; what comes before it is done
     */
    public void setWatches(Database view, Request.SetWatches2 request, long connection, WatchSink sink) {
        long seen = request.relativeZxid();
        for (String path : required(request.dataWatches())) {
            Znode node = view.find(required(path));
            boolean missed = node == null || node.mzxid() > seen;
            if (!missed) add(WatchKind.DATA, path, connection);
            else tell(connection, WatcherEvent.NODE_DATA_CHANGED, path, node, sink);
        }
        for (String path : required(request.existWatches())) {
            Znode node = view.find(required(path));
            if (node == null) add(WatchKind.DATA, path, connection);
            else tell(connection, WatcherEvent.NODE_CREATED, path, node, sink);
        }
        for (String path : required(request.childWatches())) {
            Znode node = view.find(required(path));
            boolean missed = node == null || node.pzxid() > seen;
            if (!missed) add(WatchKind.CHILD, path, connection);
            else tell(connection, WatcherEvent.NODE_CHILDREN_CHANGED, path, node, sink);
        }
        for (String path : required(request.persistentWatches())) add(WatchKind.PERSISTENT, path, connection);
        for (String path : required(request.persistentRecursiveWatches())) {
            add(WatchKind.PERSISTENT_RECURSIVE, path, connection);
        }
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) throw new WireException("setWatches: null");
        return value;
    }

    /** Likewise, from clients that know no persistent watches. */
    public void setWatches(Database view, Request.SetWatches request, long connection, WatchSink sink) {
        var with = new Request.SetWatches2(
                request.relativeZxid(),
                request.dataWatches(),
                request.existWatches(),
                request.childWatches(),
                List.of(),
                List.of());
        setWatches(view, with, connection, sink);
    }

    /** A znode that is gone was deleted, whatever else the watch was for. */
    private static void tell(long connection, int type, String path, @Nullable Znode node, WatchSink sink) {
        if (node == null) sink.event(connection, WatcherEvent.NODE_DELETED, path, FOR_ALL);
        else sink.event(connection, type, path, node.acl());
    }

    /** Whether a connection has a watch of this type on a path: 1 child, 2 data, 3 any, 4 persistent, 5 recursive. */
    public boolean contains(@Nullable String path, int watcherType, long connection) {
        Watch watch = find(path, connection);
        return watch != null && (watch.kinds & WatchKind.bitsOfWatcherType(watcherType)) != 0;
    }

    /** Removes the watches of this type that a connection has on a path; false if there are none. */
    public boolean remove(@Nullable String path, int watcherType, long connection) {
        Watch watch = find(path, connection);
        int bits = WatchKind.bitsOfWatcherType(watcherType);
        if (watch == null || (watch.kinds & bits) == 0) return false;
        change(watch, watch.kinds & ~bits);
        return true;
    }

    private static byte[] utf8(@Nullable String path) {
        return path == null ? NULL_PATH : path.getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable Watch find(@Nullable String path, long connection) {
        byte[] utf8 = utf8(path);
        return watches.find(utf8, 0, utf8.length, connection);
    }

    private void change(Watch watch, int kinds) {
        int recursive = WatchKind.PERSISTENT_RECURSIVE.bit;
        count += WatchKind.countOf(kinds) - WatchKind.countOf(watch.kinds);
        recursiveCount += ((kinds & recursive) == 0 ? 0 : 1) - ((watch.kinds & recursive) == 0 ? 0 : 1);
        countData(watch, WatchKind.countInData(kinds) - WatchKind.countInData(watch.kinds));
        watch.kinds = kinds;
        if (kinds == WatchKind.NONE) watches.remove(watch);
    }

    private void countData(Watch watch, int change) {
        if (change == 0) return;
        dataCount += change;
        boolean more = change > 0;
        if ((more ? watch.path.inData++ : --watch.path.inData) == 0) dataPathCount += change;
        if ((more ? watch.watcher.inData++ : --watch.watcher.inData) == 0) dataWatcherCount += change;
    }

    /** How many watches there are, as Apache counts them: a persistent one, or data and child on one path, are two. */
    public long count() {
        return count;
    }

    /** What all watches take in memory, roughly. */
    public long bytes() {
        return watches.bytes();
    }

    /** Likewise, if no connection had a path in common with another: in proportion to what a list of them takes. */
    public long listedBytes() {
        return watches.listedBytes();
    }

    /** What the watches of a connection would take if it had no path in common with others. */
    public long bytes(long connection) {
        Watcher watcher = watches.watcher(connection);
        return watcher == null ? 0 : watcher.bytes;
    }

    /** How many watches Apache's table of data watches would hold: child watches, whatever else is on their path, are not in it. */
    public long dataCount() {
        return dataCount;
    }

    /** How many connections those are of. */
    public int dataWatcherCount() {
        return dataWatcherCount;
    }

    /** How many paths those are on. */
    public int dataPathCount() {
        return dataPathCount;
    }

    /** What {@link #forEachData} calls. */
    public interface Visitor {
        /** Takes the paths that one connection watches, in UTF-8; the bytes are the table's own. */
        void watches(long connection, List<byte[]> paths);
    }

    /**
     * Visits the watches that {@link #dataCount} counts. Takes time in proportion to all watches, so the caller looks at
     * {@link #count} first.
     */
    public void forEachData(Visitor visitor) {
        watches.forEachWatcher(watcher -> {
            if (watcher.inData == 0) return;
            var paths = new ArrayList<byte[]>(watcher.inData);
            for (Watch at = watcher.newest; at != null; at = at.laterOfWatcher) {
                if (WatchKind.countInData(at.kinds) > 0) paths.add(at.path.path);
            }
            visitor.watches(watcher.connection, paths);
        });
    }
}
