/**
 * What a kubelet is told of this replica: that it lives, and whether it is ready. Imports nothing else of ours; answers come from the
 * threads of whoever serves.
 */
@NullMarked
package dev.paddock.operator.health;

import org.jspecify.annotations.NullMarked;
