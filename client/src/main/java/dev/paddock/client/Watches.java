package dev.paddock.client;

import dev.paddock.wire.Request;
import dev.paddock.wire.WatcherEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** The watchers that are set, by kind and server's path. Owned by the event loop thread. */
final class Watches {
    /** Of the paths in one {@code SetWatches}; above their frame limit servers close the link (ZOOKEEPER-706). */
    static final int SET_WATCHES_BYTES_MAX = 128 * 1024;

    private static final int STRING_BYTES_MIN = 4;

    private final Map<Call.WatchKind, Map<String, Set<Watcher>>> byKind = new EnumMap<>(Call.WatchKind.class);
    private int size;

    Watches() {
        for (Call.WatchKind kind : Call.WatchKind.values()) {
            byKind.put(kind, new LinkedHashMap<>());
        }
    }

    int size() {
        return size;
    }

    void add(Call.Watch watch) {
        boolean added = map(watch.kind())
                .computeIfAbsent(watch.serverPath(), _ -> new LinkedHashSet<>())
                .add(watch.watcher());
        size += added ? 1 : 0;
    }

    /** Takes a watcher out and gives how many times it was set. */
    int remove(String serverPath, Watcher watcher) {
        int before = size;
        for (Map<String, Set<Watcher>> map : byKind.values()) {
            Set<Watcher> watchers = map.getOrDefault(serverPath, Set.of());
            if (watchers.contains(watcher)) {
                watchers.remove(watcher);
                size--;
            }
            if (watchers.isEmpty()) {
                map.remove(serverPath);
            }
        }
        return before - size;
    }

    /** Takes all watchers of some kinds on a path out and gives how many there were. */
    int removeAll(String serverPath, Set<Call.WatchKind> kinds) {
        int before = size;
        for (Call.WatchKind kind : kinds) {
            Set<Watcher> watchers = map(kind).remove(serverPath);
            size -= watchers == null ? 0 : watchers.size();
        }
        return before - size;
    }

    /** The watchers that this event fires, in the order set, each once; those that hear but one event are taken out. */
    Set<Watcher> fire(WatchEvent.Kind kind, String serverPath) {
        var fired = new LinkedHashSet<Watcher>();
        for (Call.WatchKind hit : firedBy(kind)) {
            Set<Watcher> watchers = map(hit).remove(serverPath);
            if (watchers != null) {
                size -= watchers.size();
                fired.addAll(watchers);
            }
        }
        fired.addAll(map(Call.WatchKind.PERSISTENT).getOrDefault(serverPath, Set.of()));
        if (kind != WatchEvent.Kind.CHILDREN_CHANGED) {
            addRecursive(serverPath, fired);
        }
        return fired;
    }

    private void addRecursive(String serverPath, Set<Watcher> fired) {
        Map<String, Set<Watcher>> recursive = map(Call.WatchKind.RECURSIVE);
        if (recursive.isEmpty()) {
            return;
        }
        for (String above = serverPath; ; above = Paths.parent(above)) {
            fired.addAll(recursive.getOrDefault(above, Set.of()));
            if (above.length() == 1) {
                return;
            }
        }
    }

    /** Takes out all, telling each with its server's path. */
    void drain(BiConsumer<String, Watcher> lost) {
        for (Map<String, Set<Watcher>> map : byKind.values()) {
            map.forEach((path, watchers) -> watchers.forEach(watcher -> lost.accept(path, watcher)));
            map.clear();
        }
        size = 0;
    }

    /** The requests that set all of them on a new link, the events after this zxid included. */
    List<Request> setWatches(long relativeZxid) {
        var requests = new ArrayList<Request>();
        var frame = new Frame();
        for (Call.WatchKind kind : Call.WatchKind.values()) {
            for (String path : map(kind).keySet()) {
                if (!frame.fits(path)) {
                    requests.add(frame.request(relativeZxid));
                    frame = new Frame();
                }
                frame.add(kind, path);
            }
        }
        if (frame.bytes > 0) {
            requests.add(frame.request(relativeZxid));
        }
        return requests;
    }

    /** The kind of a server's event, if it is one that a one-shot watch waits for. */
    static Optional<WatchEvent.Kind> kind(int eventType) {
        return switch (eventType) {
            case WatcherEvent.NODE_CREATED -> Optional.of(WatchEvent.Kind.CREATED);
            case WatcherEvent.NODE_DELETED -> Optional.of(WatchEvent.Kind.DELETED);
            case WatcherEvent.NODE_DATA_CHANGED -> Optional.of(WatchEvent.Kind.DATA_CHANGED);
            case WatcherEvent.NODE_CHILDREN_CHANGED -> Optional.of(WatchEvent.Kind.CHILDREN_CHANGED);
            default -> Optional.empty(); // that a watch was removed, as was asked for
        };
    }

    private static List<Call.WatchKind> firedBy(WatchEvent.Kind kind) {
        return switch (kind) {
            case CREATED, DATA_CHANGED -> List.of(Call.WatchKind.DATA, Call.WatchKind.EXIST);
            case DELETED -> List.of(Call.WatchKind.DATA, Call.WatchKind.EXIST, Call.WatchKind.CHILD);
            case CHILDREN_CHANGED -> List.of(Call.WatchKind.CHILD);
            case LOST -> List.of();
        };
    }

    private Map<String, Set<Watcher>> map(Call.WatchKind kind) {
        return byKind.get(kind);
    }

    /** One request being filled. */
    private static final class Frame {
        private final Map<Call.WatchKind, List<String>> paths = new EnumMap<>(Call.WatchKind.class);
        private int bytes;

        Frame() {
            for (Call.WatchKind kind : Call.WatchKind.values()) {
                paths.put(kind, new ArrayList<>());
            }
        }

        boolean fits(String path) {
            return bytes == 0 || bytes + size(path) <= SET_WATCHES_BYTES_MAX;
        }

        void add(Call.WatchKind kind, String path) {
            paths.get(kind).add(path);
            bytes += size(path);
        }

        /** The older form where it does: not every server knows the other. */
        Request request(long relativeZxid) {
            List<String> persistent = paths.get(Call.WatchKind.PERSISTENT);
            List<String> recursive = paths.get(Call.WatchKind.RECURSIVE);
            if (!persistent.isEmpty() || !recursive.isEmpty()) {
                return new Request.SetWatches2(
                        relativeZxid,
                        paths.get(Call.WatchKind.DATA),
                        paths.get(Call.WatchKind.EXIST),
                        paths.get(Call.WatchKind.CHILD),
                        persistent,
                        recursive);
            }
            return new Request.SetWatches(
                    relativeZxid,
                    paths.get(Call.WatchKind.DATA),
                    paths.get(Call.WatchKind.EXIST),
                    paths.get(Call.WatchKind.CHILD));
        }

        private static int size(String path) {
            return STRING_BYTES_MIN + path.getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
