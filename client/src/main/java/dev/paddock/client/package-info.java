/**
 * A small asynchronous client of ZooKeeper's protocol: one session, reconnect, watches.
 *
 * <p>One event loop thread owns all state of a client; calls from other threads are posted to it. What callers may read from any thread (the
 * state, the session, its deadline) is published in volatile fields. Several clients may share one event loop group. The package may import
 * {@code dev.paddock.wire}, Netty and SLF4J, nothing else of ours.
 */
@NullMarked
package dev.paddock.client;

import org.jspecify.annotations.NullMarked;
