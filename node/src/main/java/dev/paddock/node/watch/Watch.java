package dev.paddock.node.watch;

import org.jspecify.annotations.Nullable;

/**
 * The watches of one connection on one path: 40 bytes, in a list of its path, in a list of its connection, and in a
 * chain of {@link Watches}.
 */
final class Watch {
    final WatchedPath path;
    final Watcher watcher;
    int kinds; // bits of WatchKind, never none while it is in the lists

    @Nullable
    Watch earlierOfPath;

    @Nullable
    Watch laterOfPath;

    @Nullable
    Watch earlierOfWatcher;

    @Nullable
    Watch laterOfWatcher;

    @Nullable
    Watch nextInChain;

    Watch(WatchedPath path, Watcher watcher) {
        this.path = path;
        this.watcher = watcher;
    }

    /** Puts it at the end of the list of its path, where events go out in that order, and in that of its connection. */
    void link() {
        earlierOfPath = path.last;
        if (path.last == null) path.first = this;
        else path.last.laterOfPath = this;
        path.last = this;
        laterOfWatcher = watcher.newest;
        if (watcher.newest != null) watcher.newest.earlierOfWatcher = this;
        watcher.newest = this;
    }

    void unlink() {
        if (earlierOfPath == null) path.first = laterOfPath;
        else earlierOfPath.laterOfPath = laterOfPath;
        if (laterOfPath == null) path.last = earlierOfPath;
        else laterOfPath.earlierOfPath = earlierOfPath;
        if (earlierOfWatcher == null) watcher.newest = laterOfWatcher;
        else earlierOfWatcher.laterOfWatcher = laterOfWatcher;
        if (laterOfWatcher != null) laterOfWatcher.earlierOfWatcher = earlierOfWatcher;
    }

    /** A path that somebody watches. */
    static final class WatchedPath {
        final byte[] path; // UTF-8
        final int hash;

        /** Those of Apache's table of data watches; the others are of its table of child watches only. */
        int inData;

        @Nullable
        Watch first;

        @Nullable
        Watch last;

        @Nullable
        WatchedPath nextInChain;

        WatchedPath(byte[] path, int hash) {
            this.path = path;
            this.hash = hash;
        }
    }

    /** A connection that watches something. */
    static final class Watcher {
        final long connection;

        /** Of its watches and their paths, which it may share with others. */
        long bytes;

        /** Those of Apache's table of data watches. */
        int inData;

        @Nullable
        Watch newest;

        Watcher(long connection) {
            this.connection = connection;
        }
    }
}
