package dev.paddock.sidecar.lock;

import dev.paddock.sidecar.ensemble.Ensemble;
import dev.paddock.sidecar.ensemble.Link;
import dev.paddock.sidecar.http.Event;
import dev.paddock.sidecar.http.EventSink;
import dev.paddock.sidecar.http.EventStream;
import dev.paddock.sidecar.http.Heartbeat;
import java.util.LinkedHashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds a lock exactly as long as the stream is open. Events: {@code granted}, {@code at-risk} while the ensemble cannot be reached
 * ({@code granted} again after it), and at the end {@code lost} or {@code released}.
 */
final class HoldStream implements EventStream {
    private sealed interface Signal {
        record Linked(Link link) implements Signal {}

        record Ended(Lease.End end) implements Signal {}
    }

    private final Ensemble ensemble;
    private final Leases leases;
    private final Lease lease;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>(); // one end, and the link's few changes
    private final Ensemble.Listener listener = (_, link) -> signals.add(new Signal.Linked(link));

    HoldStream(Ensemble ensemble, Leases leases, Lease lease) {
        this.ensemble = ensemble;
        this.leases = leases;
        this.lease = lease;
    }

    @Override
    public void run(EventSink sink) throws InterruptedException {
        var heartbeat = new Heartbeat();
        ensemble.listen(listener);
        var _ = lease.end().thenAccept(end -> signals.add(new Signal.Ended(end)));
        sink.send(event("granted", LockEndpoint.granted(lease)));
        boolean open = true;
        while (open) {
            @Nullable Signal signal = signals.poll(heartbeat.remainingNanos(), TimeUnit.NANOSECONDS);
            heartbeat.beat(sink);
            if (signal != null) open = tell(signal, sink);
        }
    }

    /** Whether more may follow. */
    private boolean tell(Signal signal, EventSink sink) throws InterruptedException {
        switch (signal) {
            case Signal.Linked(Link link)
            when link == Link.UP && !lease.end().isDone() -> sink.send(event("granted", LockEndpoint.granted(lease)));
            case Signal.Linked(Link link)
            when link == Link.DOWN -> sink.send(event("at-risk", LockEndpoint.granted(lease)));
            case Signal.Linked _ -> {} // the end follows
            case Signal.Ended(Lease.End.Lost(String why)) -> {
                var data = new LinkedHashMap<String, Object>(LockEndpoint.member(lease));
                data.put("reason", why);
                sink.send(event("lost", data));
                return false;
            }
            case Signal.Ended(Lease.End.Released _) -> {
                sink.send(event("released", LockEndpoint.member(lease)));
                return false;
            }
        }
        return true;
    }

    private Event event(String name, Object data) {
        return new Event(name, lease.fencingToken(), data);
    }

    @Override
    public void close() {
        ensemble.unlisten(listener);
        var _ = leases.release(lease);
    }
}
