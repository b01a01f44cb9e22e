/**
 * The edge to the ensemble: the sidecar's one session ({@link dev.paddock.sidecar.ensemble.Ensemble}), kept over restarts by a
 * {@link dev.paddock.sidecar.ensemble.SessionFile}, and copies of subtrees that watches keep fresh
 * ({@link dev.paddock.sidecar.ensemble.Mirror}). Blocking calls, made from virtual threads.
 */
@NullMarked
package dev.paddock.sidecar.ensemble;

import org.jspecify.annotations.NullMarked;
