/**
 * Which connection waits for which change. Each client loop owns one {@link dev.paddock.node.watch.WatchTable} with the
 * watches of its connections, and shows it every change in the order of the history. Pure.
 */
@NullMarked
package dev.paddock.node.watch;

import org.jspecify.annotations.NullMarked;
