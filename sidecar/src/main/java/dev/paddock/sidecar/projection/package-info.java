/**
 * Projections: subtrees of the ensemble as files of the pod. {@code Projections} keeps one thread for each, which follows a
 * {@link dev.paddock.sidecar.ensemble.Mirror}; {@code Tableau} (which file holds what) is pure, {@code Folder} writes.
 */
@NullMarked
package dev.paddock.sidecar.projection;

import org.jspecify.annotations.NullMarked;
