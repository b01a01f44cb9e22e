/**
 * Wires a server together: configuration, threads, ports, files. The core thread is an event loop that also carries the
 * peer links; the disk thread appends and forces; the snapshot thread writes snapshots; client loops live in {@code net}.
 * May import everything of the node.
 */
@NullMarked
package dev.paddock.node.server;

import org.jspecify.annotations.NullMarked;
