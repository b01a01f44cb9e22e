package dev.paddock.client;

import java.util.EnumSet;
import java.util.Set;

/** Which watches on a path to remove; see {@link Client#removeWatches}. */
public enum WatchType {
    /** Set by {@link Client#getChildren(String, Watcher)} and its like. */
    CHILDREN(1),
    /** Set by {@link Client#getData(String, Watcher)} and {@link Client#exists(String, Watcher)}. */
    DATA(2),
    ANY(3);

    private final int code;

    WatchType(int code) {
        this.code = code;
    }

    /** {@code RemoveWatchesRequest.type}. */
    int code() {
        return code;
    }

    Set<Call.WatchKind> kinds() {
        return switch (this) {
            case CHILDREN -> EnumSet.of(Call.WatchKind.CHILD);
            case DATA -> EnumSet.of(Call.WatchKind.DATA, Call.WatchKind.EXIST);
            case ANY -> EnumSet.allOf(Call.WatchKind.class);
        };
    }
}
