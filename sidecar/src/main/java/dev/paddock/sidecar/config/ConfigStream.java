package dev.paddock.sidecar.config;

import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.ensemble.Mirror;
import dev.paddock.sidecar.http.Event;
import dev.paddock.sidecar.http.EventSink;
import dev.paddock.sidecar.http.EventStream;
import dev.paddock.sidecar.http.Heartbeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Watches a key or a subtree: {@code snapshot} first, then {@code changed} and {@code deleted}; {@code stale} when the ensemble cannot be
 * reached and {@code fresh} when it can again. The id is the index of the state told; of several events that tell one state only
 * the last has it, so a client that comes back with it has missed none.
 */
final class ConfigStream implements EventStream {
    private final Mirror mirror;
    private final Supplier<Values> reading;
    private final boolean recursive;
    private final long after;
    private Values told;

    /**
     * @param mirror  loaded
     * @param reading the mirror's state as values
     * @param after   the index that the client knows, -1 for none
     */
    ConfigStream(Mirror mirror, Supplier<Values> reading, boolean recursive, long after) {
        this.mirror = mirror;
        this.reading = reading;
        this.recursive = recursive;
        this.after = after;
        this.told = reading.get();
    }

    @Override
    public void run(EventSink sink) throws InterruptedException {
        var heartbeat = new Heartbeat();
        if (told.index() > after) sink.send(new Event("snapshot", told.index(), snapshot(told)));
        while (true) {
            switch (mirror.await(heartbeat.remainingNanos())) {
                case Mirror.Wake.Changed _ -> tell(sink);
                case Mirror.Wake.LinkChanged(Link link)
                when link == Link.UP -> sink.send(new Event("fresh", -1, Map.of()));
                case Mirror.Wake.LinkChanged(Link link)
                when link == Link.DOWN -> sink.send(new Event("stale", -1, Map.of()));
                case Mirror.Wake.LinkChanged _, Mirror.Wake.Quiet _ -> {}
            }
            heartbeat.beat(sink);
        }
    }

    private void tell(EventSink sink) throws InterruptedException {
        Values now = reading.get();
        if (now.index() < told.index()) return; // of a server that is behind: what was told stays true
        List<Event> events = changes(told, now);
        told = now;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            long id = i == events.size() - 1 ? now.index() : -1;
            sink.send(new Event(event.name(), id, event.data()));
        }
    }

    /** What tells one state apart from the next; ids are left out. */
    static List<Event> changes(Values before, Values now) {
        var events = new ArrayList<Event>();
        for (String path : before.values().keySet()) {
            if (!now.values().containsKey(path)) events.add(new Event("deleted", -1, absent(path)));
        }
        now.values().forEach((path, value) -> {
            if (!value.equals(before.values().get(path))) events.add(new Event("changed", -1, value.json(path)));
        });
        return events;
    }

    private Map<String, Object> snapshot(Values values) {
        if (!recursive)
            return values.single().map(value -> value.json(values.root())).orElseGet(() -> absent(values.root()));
        var json = new LinkedHashMap<String, Object>();
        json.put("path", values.root());
        json.put("exists", values.exists());
        json.put("values", Format.tree(values));
        return json;
    }

    private static Map<String, Object> absent(String path) {
        var json = new LinkedHashMap<String, Object>();
        json.put("path", path);
        json.put("exists", false);
        return json;
    }

    @Override
    public void close() {
        mirror.close();
    }
}
