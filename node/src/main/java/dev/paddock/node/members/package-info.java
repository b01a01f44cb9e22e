/**
 * Who the members of an ensemble are, where they are reached, and which of them make a quorum: what {@code server.N},
 * {@code group.N} and {@code weight.N} lines say. Values, owned by nobody. May import nothing of ours but {@code wire}.
 */
@NullMarked
package dev.paddock.node.members;

import org.jspecify.annotations.NullMarked;
