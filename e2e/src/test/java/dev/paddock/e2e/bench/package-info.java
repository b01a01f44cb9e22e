/**
 * Benchmarks: Paddock's servers beside Apache ZooKeeper's, loaded in turn. Not run by default; see docs/benchmarks.md.
 */
@NullMarked
package dev.paddock.e2e.bench;

import org.jspecify.annotations.NullMarked;
