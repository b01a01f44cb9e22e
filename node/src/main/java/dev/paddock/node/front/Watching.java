package dev.paddock.node.front;

import dev.paddock.node.meter.Tally;
import dev.paddock.node.request.Answer;
import dev.paddock.node.tree.Change;
import dev.paddock.node.watch.WatchKind;
import dev.paddock.node.watch.WatchTable;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The watches of this loop's connections: set by their requests, fired as the view moves. */
final class Watching {
    private static final long NO_ZXID = -1; // of an event that tells of a change before the watch was set again
    private static final int MODE_PERSISTENT = 0;
    private static final int MODE_RECURSIVE = 1;
    private static final int WATCHER_TYPE_MIN = 1;
    private static final int WATCHER_TYPE_MAX = 5;

    private final ClientLoop loop;
    private final WatchTable table;

    /** Connections that do not take their events. */
    private final List<Connection> slow = new ArrayList<>();

    private int told; // of the change being handled

    Watching(ClientLoop loop) {
        this.loop = loop;
        this.table = loop.watches;
    }

    /** Sets a watch on the path that lies in {@code buf[from, to)}. */
    void add(Connection c, WatchKind kind, byte[] buf, int from, int to) {
        table.add(kind, new String(buf, from, to - from, StandardCharsets.UTF_8), c.id);
    }

    /** Closes a connection that has just set more watches than it may. To be called after its answer is written. */
    void closeIfTooMany(Connection c) {
        if (table.bytes(c.id) > loop.limits.watchBytesMax() || table.bytes() > loop.limits.loopWatchBytesMax()) {
            loop.close(c, CloseReason.TOO_MANY_WATCHES);
        }
    }

    /** Sets the watches of a client again that was on another connection before; what they missed fires now. */
    Answer restore(Connection c, Request.SetWatches set) {
        table.setWatches(loop.view(), set, c.id, (id, type, path, acl) -> missed(c, type, path));
        return DONE;
    }

    /** Likewise, with the persistent ones. */
    Answer restore(Connection c, Request.SetWatches2 set) {
        table.setWatches(loop.view(), set, c.id, (id, type, path, acl) -> missed(c, type, path));
        return DONE;
    }

    /** Apache ZooKeeper asks for no permission here: the client could ask exists as well. */
    private void missed(Connection c, int type, String path) {
        Frames.event(loop.out(c), NO_ZXID, type, path);
        loop.meter.tallies.add(Tally.WATCH_BYTES, loop.notified(c));
    }

    /** Sets a watch that stays. */
    Answer add(Connection c, @Nullable String path, int mode) {
        switch (mode) {
            case MODE_PERSISTENT -> table.add(WatchKind.PERSISTENT, path, c.id);
            case MODE_RECURSIVE -> table.add(WatchKind.PERSISTENT_RECURSIVE, path, c.id);
            default -> {
                return new Answer.Refused(ErrorCode.MARSHALLING_ERROR);
            }
        }
        return new Answer.Reply(new Response.AddWatch(0));
    }

    /** Whether there is such a watch. */
    Answer check(Connection c, @Nullable String path, int watcherType) {
        return isUnknown(watcherType) ? UNKNOWN : table.contains(path, watcherType, c.id) ? DONE : NONE;
    }

    /** Removes a watch. */
    Answer remove(Connection c, @Nullable String path, int watcherType) {
        return isUnknown(watcherType) ? UNKNOWN : table.remove(path, watcherType, c.id) ? DONE : NONE;
    }

    private static boolean isUnknown(int watcherType) {
        return watcherType < WATCHER_TYPE_MIN || watcherType > WATCHER_TYPE_MAX;
    }

    /** Tells who waits for one of these changes, unless it may not read the znode. */
    void fire(long zxid, List<Change> changes) {
        for (Change change : changes) {
            told = 0;
            table.trigger(change, (id, type, path, acl) -> event(zxid, id, type, path, acl));
            loop.meter.fired(change.kind(), told);
        }
        if (!slow.isEmpty()) {
            slow.forEach(c -> loop.close(c, CloseReason.SLOW_CLIENT));
            slow.clear();
        }
    }

    private void event(long zxid, long connection, int type, String path, List<Acl> acl) {
        Connection c = loop.connections.get(connection);
        if (c == null || !loop.acl.permits(acl, Perms.READ, c.ids)) {
            return;
        }
        told++;
        Frames.event(loop.out(c), zxid, type, path);
        loop.meter.tallies.add(Tally.WATCH_BYTES, loop.notified(c));
        if (loop.isClogged(c, loop.limits.unsentBytesMax())) {
            slow.add(c);
        }
    }

    private static final Answer DONE = new Answer.Reply(new Response.Empty());
    private static final Answer NONE = new Answer.Refused(ErrorCode.NO_WATCHER);
    private static final Answer UNKNOWN = new Answer.Refused(ErrorCode.MARSHALLING_ERROR);
}
