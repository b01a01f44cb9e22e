/**
 * {@code CoordinationConfig}: keys that are kept as znodes. {@code ConfigReconciler} is one run; {@code KeyCollector} reads the
 * keys, {@code OwnedKeys} writes them together with a claim that says whose they are, {@code SourceWatches} tells of changes.
 * Blocks, on the operator's threads. {@code KeyWriter} is also what {@code paddock up} writes with.
 */
@NullMarked
package dev.paddock.operator.config;

import org.jspecify.annotations.NullMarked;
