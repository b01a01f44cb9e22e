/**
 * The replicated state: znodes, their stats and ACLs, sessions and what they own, as one immutable value.
 *
 * <p>{@link dev.paddock.node.tree.Database} is the value. A transaction applied to it gives another value that shares
 * all it did not touch, so any thread may hold any version for as long as it likes: a reply, a snapshot on its way to
 * disk or to a peer, the leader's state ahead of the commits. Pure: no file, socket, thread, clock or random source.
 * It may import {@code wire} only.
 */
@NullMarked
package dev.paddock.node.tree;

import org.jspecify.annotations.NullMarked;
