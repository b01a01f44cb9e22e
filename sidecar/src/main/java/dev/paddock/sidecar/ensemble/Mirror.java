package dev.paddock.sidecar.ensemble;

import dev.paddock.client.Children;
import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.NodeData;
import dev.paddock.client.Reply;
import dev.paddock.client.WatchEvent;
import dev.paddock.client.Watcher;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A copy of a subtree that follows the ensemble by one-shot watches: an event only says where to look, and the value is then
 * read again with a new watch. So a slow owner skips states but never misses the last one, and nothing queues up behind it.
 * Owned by one thread; watches and the link post to its inbox.
 */
public final class Mirror implements AutoCloseable {
    /** Larger subtrees are refused with {@link TooLarge}. */
    public static final int NODES_MAX = 10_000;

    /** As {@link #NODES_MAX}, for the sum of all data. */
    public static final long BYTES_MAX = 16L << 20;

    private static final int BATCH = 256; // requests under way at once, twice
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How far down the copy goes. */
    public enum Depth {
        /** The root's data. */
        NODE,
        /** The root and its children. */
        CHILDREN,
        /** The whole subtree. */
        SUBTREE
    }

    /** The subtree is above a bound. */
    public static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLarge(String root) {
            super(
                    root + " holds more than " + NODES_MAX + " znodes or " + (BYTES_MAX >> 20) + " MiB",
                    null,
                    false,
                    false);
        }
    }

    /** Why the owner was woken. */
    public sealed interface Wake {
        /** The copy may have changed. */
        record Changed() implements Wake {}

        /** The link changed. While it is not up the copy may be stale. */
        record LinkChanged(Link link) implements Wake {}

        /** Nothing to tell, before or at the end of the time given. */
        record Quiet() implements Wake {}
    }

    private sealed interface Post {
        record Watched(String path) implements Post {}

        record Linked(Link link) implements Post {}
    }

    /** Answers under way for one path. */
    private record Reading(
            String path,
            CompletableFuture<Reply<NodeData>> data,
            Optional<CompletableFuture<Reply<Children>>> children) {}

    private final Ensemble ensemble;
    private final String root;
    private final Depth depth;
    private final boolean watching;
    private final BlockingQueue<Post> inbox =
            new LinkedBlockingQueue<>(); // bounded by one event a watch, and the link's few
    private final TreeMap<String, NodeData> nodes = new TreeMap<>();
    private final Map<String, Set<String>> children = new HashMap<>();
    private final Map<String, Watcher> watchers = new HashMap<>(); // one a path: set again, it is still one
    private final Ensemble.Listener listener = (_, link) -> inbox.add(new Post.Linked(link));
    private long bytes;
    private long absentZxid;
    private boolean stale; // must be loaded again as soon as the link is up

    private Mirror(Ensemble ensemble, String root, Depth depth, boolean watching) {
        this.ensemble = ensemble;
        this.root = root;
        this.depth = depth;
        this.watching = watching;
    }

    /** A copy that follows, still empty: {@link #load} fills it. */
    public static Mirror following(Ensemble ensemble, String root, Depth depth) {
        var mirror = new Mirror(ensemble, root, depth, true);
        ensemble.listen(mirror.listener);
        return mirror;
    }

    /** Reads a subtree once; exceptions as {@link #load}. */
    public static Tree read(Ensemble ensemble, String root, Depth depth, Duration limit) throws InterruptedException {
        return new Mirror(ensemble, root, depth, false).load(limit);
    }

    /**
     * Reads all of it and sets the watches.
     *
     * @throws Unavailable if the ensemble does not answer within {@code limit}
     * @throws TooLarge    if there is more than a copy may hold
     */
    public Tree load(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Client client = ensemble.client();
            try {
                forget();
                stale = true;
                refresh(client, new ArrayDeque<>(List.of(root)), deadline);
                stale = client != ensemble.client();
                if (!stale) return tree();
            } catch (ClientException e) {
                if (deadline - System.nanoTime() <= 0) throw new Unavailable(String.valueOf(e.getMessage()));
                ensemble.pause(client, deadline);
            }
        }
    }

    /** Waits for something to happen, at most {@code nanos}, and brings the copy up to date. */
    public Wake await(long nanos) throws InterruptedException {
        if (stale && ensemble.isUp() && reloaded()) return new Wake.Changed();
        Post first = inbox.poll(Math.max(0, stale ? Math.min(nanos, RETRY_NANOS) : nanos), TimeUnit.NANOSECONDS);
        return switch (first) {
            case null -> new Wake.Quiet();
            case Post.Linked(Link link) -> {
                stale |= link == Link.LOST;
                yield new Wake.LinkChanged(link);
            }
            case Post.Watched(String path) -> follow(path);
        };
    }

    private Wake follow(String first) throws InterruptedException {
        var dirty = new ArrayDeque<String>(List.of(first));
        while (inbox.peek() instanceof Post.Watched(String path)) {
            inbox.remove();
            if (!dirty.contains(path)) dirty.add(path);
        }
        try {
            refresh(ensemble.client(), dirty, System.nanoTime() + ANSWER_MAX.toNanos());
            return new Wake.Changed();
        } catch (ClientException | Unavailable _) { // told by the link, and loaded again when it is up
            stale = true;
            return new Wake.Quiet();
        }
    }

    private boolean reloaded() throws InterruptedException {
        try {
            load(ANSWER_MAX);
            return true;
        } catch (Unavailable _) { // still stale: the next call tries again
            return false;
        }
    }

    /** The copy as it is now. */
    public Tree tree() {
        if (nodes.isEmpty()) return new Tree(new TreeMap<>(), absentZxid);
        long zxid = 0;
        for (NodeData node : nodes.values()) {
            zxid = Math.max(zxid, node.stat().mzxid());
            if (depth != Depth.NODE) zxid = Math.max(zxid, node.stat().pzxid());
        }
        return new Tree(new TreeMap<>(nodes), zxid);
    }

    private void refresh(Client client, Deque<String> dirty, long deadline) throws InterruptedException {
        while (!dirty.isEmpty()) {
            var batch = new ArrayList<Reading>();
            while (batch.size() < BATCH && !dirty.isEmpty()) batch.add(begin(client, dirty.remove()));
            for (Reading reading : batch) settle(client, reading, dirty, deadline);
        }
    }

    private Reading begin(Client client, String path) {
        boolean leaf = depth == Depth.NODE || (depth == Depth.CHILDREN && !path.equals(root));
        if (!watching)
            return new Reading(
                    path, client.getData(path), leaf ? Optional.empty() : Optional.of(client.getChildren(path)));
        Watcher watcher = watcher(path);
        return new Reading(
                path,
                client.getData(path, watcher),
                leaf ? Optional.empty() : Optional.of(client.getChildren(path, watcher)));
    }

    private void settle(Client client, Reading reading, Deque<String> dirty, long deadline)
            throws InterruptedException {
        String path = reading.path();
        Reply<NodeData> data = Ensemble.await(reading.data(), deadline);
        if (data instanceof Reply.Refused<NodeData> refused) {
            absent(client, path, refused.error(), dirty, deadline);
            return;
        }
        if (reading.children().isEmpty()) {
            put(path, data.value());
            return;
        }
        Reply<Children> listed = Ensemble.await(reading.children().get(), deadline);
        if (listed instanceof Reply.Refused<Children> refused) {
            absent(client, path, refused.error(), dirty, deadline);
            return;
        }
        put(path, new NodeData(data.value().data(), listed.value().stat()));
        diffChildren(path, new HashSet<>(listed.value().names()), dirty);
    }

    private void absent(Client client, String path, ErrorCode error, Deque<String> dirty, long deadline)
            throws InterruptedException {
        if (error != ErrorCode.NO_NODE) throw new Unavailable("reading " + path + " is refused: " + error);
        remove(path);
        if (!path.equals(root)) return;
        var asked = watching ? client.exists(path, watcher(path)) : client.exists(path);
        Reply<Optional<Stat>> exists = Ensemble.await(asked, deadline);
        if (exists.value().isPresent()) dirty.add(path);
        else absentZxid = ancestorZxid(client, deadline);
    }

    /** The last change of the nearest ancestor's children: at or after the deletion of the root, and still until one of them changes. */
    private long ancestorZxid(Client client, long deadline) throws InterruptedException {
        for (int slash = root.lastIndexOf('/'); slash > 0; slash = root.lastIndexOf('/', slash - 1)) {
            String ancestor = root.substring(0, slash);
            Optional<Stat> stat =
                    Ensemble.await(client.exists(ancestor), deadline).value();
            if (stat.isPresent()) return stat.get().pzxid();
        }
        return Ensemble.await(client.exists("/"), deadline)
                .value()
                .map(Stat::pzxid)
                .orElse(0L);
    }

    private void diffChildren(String path, Set<String> names, Deque<String> dirty) {
        Set<String> before = children.getOrDefault(path, Set.of());
        children.put(path, names);
        for (String name : before) {
            if (!names.contains(name)) remove(child(path, name));
        }
        for (String name : names) {
            if (!before.contains(name)) dirty.add(child(path, name));
        }
    }

    private void put(String path, NodeData node) {
        NodeData before = nodes.put(path, node);
        bytes += node.data().length - (before == null ? 0 : before.data().length);
        if (nodes.size() > NODES_MAX || bytes > BYTES_MAX) throw new TooLarge(root);
    }

    /** Takes out a node and all below it. */
    private void remove(String path) {
        var doomed = new ArrayDeque<String>(List.of(path));
        while (!doomed.isEmpty()) {
            String next = doomed.remove();
            NodeData before = nodes.remove(next);
            if (before != null) bytes -= before.data().length;
            if (!next.equals(root)) dropWatcher(next);
            for (String name : children.getOrDefault(next, Set.of())) doomed.add(child(next, name));
            children.remove(next);
        }
    }

    private static String child(String path, String name) {
        return path.equals("/") ? "/" + name : path + "/" + name;
    }

    private Watcher watcher(String path) {
        return watchers.computeIfAbsent(path, _ -> event -> {
            if (event.kind() != WatchEvent.Kind.LOST)
                inbox.add(new Post.Watched(path)); // a session's end is told by the link
        });
    }

    private void dropWatcher(String path) {
        Watcher watcher = watchers.remove(path);
        if (watcher != null) ensemble.client().removeWatcher(path, watcher);
    }

    private void forget() {
        for (String path : List.copyOf(watchers.keySet())) dropWatcher(path);
        nodes.clear();
        children.clear();
        bytes = 0;
    }

    @Override
    public void close() {
        ensemble.unlisten(listener);
        forget();
    }
}
