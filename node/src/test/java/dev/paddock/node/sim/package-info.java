/** Whole ensembles of production cores in one test thread, in virtual time, under faults. */
@NullMarked
package dev.paddock.node.sim;

import org.jspecify.annotations.NullMarked;
