package dev.paddock.node.watch;

import dev.paddock.node.watch.Watch.WatchedPath;
import dev.paddock.node.watch.Watch.Watcher;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds watches by path, by connection and by both. Hash tables with chains through the watches and paths themselves:
 * a million watches are the usual case, and an entry object for each would double their size.
 */
final class Watches {
    private static final int CAPACITY_FIRST = 64;
    private static final int WATCH_BYTES = 48; // with its place in the table
    private static final int PATH_BYTES = 80; // and its text
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long seed;
    private WatchedPath[] paths = new WatchedPath[CAPACITY_FIRST]; // a power of two, as the next
    private Watch[] watches = new Watch[CAPACITY_FIRST];
    private int pathCount;
    private int watchCount;
    private long bytes;
    private long listedBytes; // the sum of all watchers' bytes
    private final Map<Long, Watcher> watchers = new HashMap<>(); // by connection; iterated only to be shown

    Watches(long seed) {
        this.seed = seed;
    }

    /** What all watches take, with their paths. */
    long bytes() {
        return bytes;
    }

    long listedBytes() {
        return listedBytes;
    }

    void forEachWatcher(Consumer<Watcher> visitor) {
        watchers.values().forEach(visitor);
    }

    @Nullable
    Watcher watcher(long connection) {
        return watchers.get(connection);
    }

    @Nullable
    WatchedPath path(byte[] buf, int from, int to) {
        return path(hash(buf, from, to), buf, from, to);
    }

    private @Nullable WatchedPath path(int hash, byte[] buf, int from, int to) {
        WatchedPath at = paths[hash & (paths.length - 1)];
        while (at != null && !(at.hash == hash && Arrays.equals(at.path, 0, at.path.length, buf, from, to))) {
            at = at.nextInChain;
        }
        return at;
    }

    @Nullable
    Watch find(byte[] buf, int from, int to, long connection) {
        WatchedPath path = path(buf, from, to);
        Watcher watcher = path == null ? null : watchers.get(connection);
        return path == null || watcher == null ? null : find(path, watcher);
    }

    private @Nullable Watch find(WatchedPath path, Watcher watcher) {
        Watch at = watches[slot(path, watcher)];
        while (at != null && !(at.path == path && at.watcher == watcher)) at = at.nextInChain;
        return at;
    }

    /** The watch of a connection on a path; a new one, of no kind yet, if there is none. */
    Watch findOrAdd(byte[] buf, int from, int to, long connection) {
        int hash = hash(buf, from, to);
        WatchedPath path = path(hash, buf, from, to);
        if (path == null) path = add(new WatchedPath(Arrays.copyOfRange(buf, from, to), hash));
        Watcher watcher = watchers.computeIfAbsent(connection, Watcher::new);
        Watch watch = find(path, watcher);
        return watch == null ? add(new Watch(path, watcher)) : watch;
    }

    private WatchedPath add(WatchedPath path) {
        if (pathCount++ == paths.length) growPaths();
        bytes += bytes(path);
        chain(path);
        return path;
    }

    private Watch add(Watch watch) {
        if (watchCount++ == watches.length) growWatches();
        bytes += WATCH_BYTES;
        watch.watcher.bytes += WATCH_BYTES + bytes(watch.path);
        listedBytes += WATCH_BYTES + bytes(watch.path);
        chain(watch);
        watch.link();
        return watch;
    }

    void remove(Watch watch) {
        watch.unlink();
        unchain(watch);
        watchCount--;
        bytes -= WATCH_BYTES;
        watch.watcher.bytes -= WATCH_BYTES + bytes(watch.path);
        listedBytes -= WATCH_BYTES + bytes(watch.path);
        if (watch.watcher.newest == null) watchers.remove(watch.watcher.connection);
        if (watch.path.first == null) {
            unchain(watch.path);
            pathCount--;
            bytes -= bytes(watch.path);
        }
    }

    private static int bytes(WatchedPath path) {
        return PATH_BYTES + path.path.length;
    }

    private void chain(WatchedPath path) {
        int slot = path.hash & (paths.length - 1);
        path.nextInChain = paths[slot];
        paths[slot] = path;
    }

    private void chain(Watch watch) {
        int slot = slot(watch.path, watch.watcher);
        watch.nextInChain = watches[slot];
        watches[slot] = watch;
    }

    private void unchain(WatchedPath path) {
        int slot = path.hash & (paths.length - 1);
        if (paths[slot] == path) {
            paths[slot] = path.nextInChain;
            return;
        }
        WatchedPath before = paths[slot];
        while (before.nextInChain != path) before = before.nextInChain;
        before.nextInChain = path.nextInChain;
    }

    private void unchain(Watch watch) {
        int slot = slot(watch.path, watch.watcher);
        if (watches[slot] == watch) {
            watches[slot] = watch.nextInChain;
            return;
        }
        Watch before = watches[slot];
        while (before.nextInChain != watch) before = before.nextInChain;
        before.nextInChain = watch.nextInChain;
    }

    private void growPaths() {
        WatchedPath[] old = paths;
        paths = new WatchedPath[old.length * 2];
        for (WatchedPath head : old) {
            for (WatchedPath at = head; at != null; ) {
                WatchedPath next = at.nextInChain;
                chain(at);
                at = next;
            }
        }
    }

    private void growWatches() {
        Watch[] old = watches;
        watches = new Watch[old.length * 2];
        for (Watch head : old) {
            for (Watch at = head; at != null; ) {
                Watch next = at.nextInChain;
                chain(at);
                at = next;
            }
        }
    }

    private int slot(WatchedPath path, Watcher watcher) {
        long h = (path.hash ^ watcher.connection * MULTIPLIER) * MULTIPLIER;
        return (int) (h >>> 32) & (watches.length - 1);
    }

    private int hash(byte[] buf, int from, int to) {
        long h = seed;
        for (int i = from; i < to; i++) h = (h ^ buf[i]) * MULTIPLIER;
        h ^= h >>> 32;
        return (int) ((h * MULTIPLIER) >>> 32);
    }
}
