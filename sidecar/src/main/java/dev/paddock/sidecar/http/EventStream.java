package dev.paddock.sidecar.http;

/** Produces the events of one stream on its own virtual thread. */
@FunctionalInterface
public interface EventStream extends AutoCloseable {
    /**
     * Sends events until there are no more; the connection is closed after it.
     *
     * @throws InterruptedException when the client went away or the sidecar stops
     */
    void run(EventSink sink) throws InterruptedException;

    /** Called once when the stream has ended, also when it never ran since the client had gone. */
    @Override
    default void close() {}
}
