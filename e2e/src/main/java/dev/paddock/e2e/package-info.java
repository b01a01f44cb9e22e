/**
 * The product as its users drive it: {@code ./paddock up} as a process, curl, kazoo, Apache's Java client, Curator, and
 * kill -9.
 */
@NullMarked
package dev.paddock.e2e;

import org.jspecify.annotations.NullMarked;
