package dev.paddock.sidecar.http;

import java.util.concurrent.TimeUnit;

/** When a stream has to say next that it is alive. Owned by the stream's thread. */
public final class Heartbeat {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(EventSink.HEARTBEAT_SECONDS);

    private long dueNanos = System.nanoTime() + PERIOD_NANOS;

    /** How long the stream may wait for something else. */
    public long remainingNanos() {
        return Math.max(0, dueNanos - System.nanoTime());
    }

    /** Sends a heartbeat if one is due. */
    public void beat(EventSink sink) throws InterruptedException {
        if (remainingNanos() > 0) return;
        sink.heartbeat();
        dueNanos = System.nanoTime() + PERIOD_NANOS;
    }
}
