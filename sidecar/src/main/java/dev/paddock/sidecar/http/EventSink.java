package dev.paddock.sidecar.http;

/** Takes the events of one stream. Used by the thread that runs the stream. */
public interface EventSink {
    /** A stream says at least this often that it is alive. */
    long HEARTBEAT_SECONDS = 10;

    /**
     * Sends an event and waits until the kernel took it.
     *
     * @throws InterruptedException if the client went away, or did not read for 10 seconds and was cut; it may come again with
     *     {@code Last-Event-ID}
     */
    void send(Event event) throws InterruptedException;

    /** Sends a comment that clients skip; same exceptions as {@link #send}. */
    void heartbeat() throws InterruptedException;
}
