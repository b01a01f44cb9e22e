/** Ensembles whose members are Apache ZooKeeper's servers and ours, each in each role, beside the other kind as leader. */
@NullMarked
package dev.paddock.e2e.mixed;

import org.jspecify.annotations.NullMarked;
