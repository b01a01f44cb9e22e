/**
 * What survives a crash: the txn log and the snapshots in Apache ZooKeeper's formats, the epoch files, and their
 * recovery. This is an edge: it blocks on files. The log thread owns a {@link dev.paddock.node.log.TxnLog}; the
 * snapshot thread owns writing and purging through {@link dev.paddock.node.log.SnapshotStore}; recovery runs before
 * either starts. {@link dev.paddock.node.log.SnapshotEncoder} and {@link dev.paddock.node.log.SnapshotDecoder} do no I/O and
 * serve the transfer between servers too. May import {@code wire}, {@code tree} and {@code config}.
 */
package dev.paddock.node.log;
