/**
 * What writers notice when the leader of three servers dies, stands still, or hands over: servers are processes, writers speak
 * the raw protocol, so that no client's own patience counts. Figures are printed by {@code -Pfailover} only; see
 * docs/benchmarks.md.
 */
@NullMarked
package dev.paddock.e2e.failover;

import org.jspecify.annotations.NullMarked;
