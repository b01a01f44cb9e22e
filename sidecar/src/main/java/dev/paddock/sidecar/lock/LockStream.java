package dev.paddock.sidecar.lock;

import dev.paddock.client.NodeData;
import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.ensemble.Tree;
import dev.paddock.sidecar.http.Event;
import dev.paddock.sidecar.http.EventSink;
import dev.paddock.sidecar.http.EventStream;
import dev.paddock.sidecar.http.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What happens to a lock: a {@code snapshot} first, then {@code granted} and {@code released} as the tree shows them, {@code at-risk}
 * when the ensemble cannot be reached, and {@code lost} for a lease of this sidecar that its holder may no longer rely on.
 */
final class LockStream implements EventStream {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100); // at own leases

    private final String lock;
    private final Leases leases;
    private final Mirror mirror;
    private final long after;
    private final Map<String, LockState.Member> holders = new LinkedHashMap<>(); // as last told, by lease
    private final Map<String, Lease> own = new LinkedHashMap<>(); // those of them that are ours

    /** @param after the last zxid that the client knows, -1 for none */
    LockStream(String lock, Ensemble ensemble, Leases leases, long after) {
        this.lock = lock;
        this.leases = leases;
        this.after = after;
        this.mirror = Mirror.following(ensemble, Locks.folder(lock), Mirror.Depth.CHILDREN);
    }

    /** Fills the copy, so that a fault is still an answer of its own. */
    LockStream loaded() throws InterruptedException {
        mirror.load(ANSWER_MAX);
        return this;
    }

    @Override
    public void run(EventSink sink) throws InterruptedException {
        var heartbeat = new Heartbeat();
        Tree first = mirror.tree();
        LockState state = state(first);
        state.holders().forEach(this::remember);
        if (first.zxid() > after) sink.send(new Event("snapshot", first.zxid(), state.json()));
        while (true) {
            long wait = own.isEmpty() ? heartbeat.remainingNanos() : Math.min(LOOK_NANOS, heartbeat.remainingNanos());
            switch (mirror.await(wait)) {
                case Mirror.Wake.Changed _ -> tell(mirror.tree(), sink);
                case Mirror.Wake.LinkChanged(Link link)
                when link == Link.DOWN && !holders.isEmpty() ->
                    sink.send(new Event("at-risk", -1, state(mirror.tree()).json()));
                case Mirror.Wake.LinkChanged _, Mirror.Wake.Quiet _ -> {}
            }
            tellLost(sink);
            heartbeat.beat(sink);
        }
    }

    private void tell(Tree tree, EventSink sink) throws InterruptedException {
        Map<String, LockState.Member> now = new LinkedHashMap<>();
        for (LockState.Member member : state(tree).holders()) now.put(member.lease(), member);
        for (LockState.Member member : List.copyOf(holders.values())) {
            if (now.containsKey(member.lease())) continue;
            holders.remove(member.lease());
            own.remove(member.lease());
            sink.send(new Event("released", tree.zxid(), member.json()));
        }
        for (LockState.Member member : now.values()) {
            if (holders.containsKey(member.lease())) continue;
            remember(member);
            sink.send(new Event("granted", tree.zxid(), member.json()));
        }
    }

    private void remember(LockState.Member member) {
        holders.put(member.lease(), member);
        leases.find(member.lease()).ifPresent(lease -> own.put(member.lease(), lease));
    }

    private void tellLost(EventSink sink) throws InterruptedException {
        for (Lease lease : List.copyOf(own.values())) {
            if (!lease.end().isDone()) continue;
            own.remove(lease.id());
            if (!(lease.end().join() instanceof Lease.End.Lost(String why))) continue;
            var data = new LinkedHashMap<String, Object>(LockEndpoint.member(lease));
            data.put("reason", why);
            sink.send(new Event("lost", -1, data));
        }
    }

    private LockState state(Tree tree) {
        var nodes = new LinkedHashMap<String, NodeData>();
        String prefix = Locks.folder(lock) + "/";
        tree.nodes().forEach((path, node) -> {
            if (path.startsWith(prefix)) nodes.put(path.substring(prefix.length()), node);
        });
        LockQueue queue = LockQueue.of(nodes.keySet());
        return new LockState(lock, members(queue.holders(), nodes), members(queue.waiters(), nodes));
    }

    private static List<LockState.Member> members(List<LockQueue.Entry> entries, Map<String, NodeData> nodes) {
        var members = new ArrayList<LockState.Member>();
        for (LockQueue.Entry entry : entries) {
            NodeData node = nodes.get(entry.name());
            if (node != null) members.add(Locks.member(entry, node));
        }
        return members;
    }

    @Override
    public void close() {
        mirror.close();
    }
}
