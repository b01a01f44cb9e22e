package dev.paddock.node.replica;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Owner;
import dev.paddock.node.tree.Znode;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the leader deletes on its own: containers that have lost their last child, and TTL znodes that have had none
 * and were not written for their time. As Apache ZooKeeper 3.9's {@code ContainerManager}: it looks once in an interval,
 * and finds no more than so many in a minute. It looks at a bounded number at a time. Owned by the core thread.
 */
final class Sweeper {
    private static final int LOOKED_AT_MAX = 500; // in one tick
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MILLIS_PER_MINUTE = 60_000;

    private final SweepPace pace;
    private Iterator<String> paths = Collections.emptyIterator(); // of a database that may be old by now
    private long beginsNanos;
    private long nextNanos; // when the next may be found
    private int left; // of those that are looked at in this tick

    Sweeper(SweepPace pace, Now now) {
        this.pace = pace;
        this.beginsNanos = now.nanos() + pace.checkIntervalMillis() * NANOS_PER_MILLI;
    }

    /** Begins a tick: goes on where the last one ended, or from the start if it is time. */
    void tick(Database head, Now now) {
        left = LOOKED_AT_MAX;
        if (paths.hasNext() || now.nanos() < beginsNanos) return;
        paths = head.sweepable();
        beginsNanos = now.nanos() + pace.checkIntervalMillis() * NANOS_PER_MILLI;
        nextNanos = now.nanos();
    }

    /** The next that is to be deleted; null if there is none in this tick. */
    @Nullable
    String next(Database head, Now now) {
        while (left > 0 && paths.hasNext() && now.nanos() >= nextNanos) {
            left--;
            String path = paths.next();
            Znode node = head.find(path);
            if (node == null || !isUnused(head, node, now.wallMillis())) continue;
            nextNanos += MILLIS_PER_MINUTE / pace.maxPerMinute() * NANOS_PER_MILLI;
            return path;
        }
        return null;
    }

    private boolean isUnused(Database head, Znode node, long wallMillis) {
        if (node.childCount() > 0) return false;
        long silentMillis = wallMillis - node.mtime();
        return switch (Owner.of(node.ephemeralOwner(), head.rules())) {
            case CONTAINER ->
                node.cversion() > 0 || (pace.maxNeverUsedMillis() > 0 && silentMillis > pace.maxNeverUsedMillis());
            case TTL -> {
                long ttlMillis = Owner.ttlMillis(node.ephemeralOwner());
                yield ttlMillis > 0 && silentMillis > ttlMillis;
            }
            case NONE, SESSION -> false;
        };
    }
}
