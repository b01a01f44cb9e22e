package dev.paddock.sidecar.service;

import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.ensemble.Tree;
import dev.paddock.sidecar.http.Event;
import dev.paddock.sidecar.http.EventSink;
import dev.paddock.sidecar.http.EventStream;
import dev.paddock.sidecar.http.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happens to a service: a {@code snapshot} first, then {@code up}, {@code changed} and {@code down} for each instance; {@code stale} and
 * {@code fresh} as the link goes and comes. Of several events that tell one state only the last has an id.
 */
final class ServiceStream implements EventStream {
    private final String service;
    private final Mirror mirror;
    private final long after;
    private final Map<String, Instance> told = new TreeMap<>();

    /**
     * A stream over a copy.
     *
     * @param mirror loaded
     * @param after  the zxid that the client knows, -1 for none
     */
    ServiceStream(String service, Mirror mirror, long after) {
        this.service = service;
        this.mirror = mirror;
        this.after = after;
    }

    @Override
    public void run(EventSink sink) throws InterruptedException {
        var heartbeat = new Heartbeat();
        Tree first = mirror.tree();
        List<Instance> instances = ServiceEndpoint.instances(service, first);
        for (Instance instance : instances) told.put(instance.id(), instance);
        if (first.zxid() > after)
            sink.send(new Event("snapshot", first.zxid(), Map.of("name", service, "instances", instances)));
        while (true) {
            switch (mirror.await(heartbeat.remainingNanos())) {
                case Mirror.Wake.Changed _ -> tell(mirror.tree(), sink);
                case Mirror.Wake.LinkChanged(Link link)
                when link == Link.UP -> sink.send(new Event("fresh", -1, Map.of()));
                case Mirror.Wake.LinkChanged(Link link)
                when link == Link.DOWN -> sink.send(new Event("stale", -1, Map.of()));
                case Mirror.Wake.LinkChanged _, Mirror.Wake.Quiet _ -> {}
            }
            heartbeat.beat(sink);
        }
    }

    private void tell(Tree tree, EventSink sink) throws InterruptedException {
        var now = new TreeMap<String, Instance>();
        for (Instance instance : ServiceEndpoint.instances(service, tree)) now.put(instance.id(), instance);
        var events = new ArrayList<Event>();
        told.forEach((id, instance) -> {
            if (!now.containsKey(id)) events.add(new Event("down", -1, instance));
        });
        now.forEach((id, instance) -> {
            Instance before = told.get(id);
            if (!instance.equals(before)) events.add(new Event(before == null ? "up" : "changed", -1, instance));
        });
        told.clear();
        told.putAll(now);
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            sink.send(new Event(event.name(), i == events.size() - 1 ? tree.zxid() : -1, event.data()));
        }
    }

    @Override
    public void close() {
        mirror.close();
    }
}
