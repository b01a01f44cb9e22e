/**
 * One server's pure core: Zab, the replicated database and the sessions, put together. Owned by the core thread; a
 * simulation runs several of them in one test thread. Imports {@code zab}, {@code tree}, {@code request}, {@code session}
 * and the values of {@code front}.
 */
@NullMarked
package dev.paddock.node.replica;

import org.jspecify.annotations.NullMarked;
