/**
 * Zab, ZooKeeper's atomic broadcast, as pure step functions: leader election, discovery, synchronization and broadcast
 * (Junqueira, Reed, Serafini, DSN 2011), with the packets of Apache ZooKeeper 3.9.
 *
 * <p>Everything here is owned by the core thread and takes time, packets and the disk's answers as {@link
 * dev.paddock.node.zab.Input}; what is to be done leaves as {@link dev.paddock.node.zab.Effect}. The payload of a
 * transaction is opaque here. May import {@code wire} and, as an opaque value, {@code tree.Database}.
 */
@NullMarked
package dev.paddock.node.zab;

import org.jspecify.annotations.NullMarked;
