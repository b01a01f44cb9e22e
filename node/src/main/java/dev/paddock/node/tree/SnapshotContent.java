package dev.paddock.node.tree;

import dev.paddock.wire.Acl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what a snapshot holds, in its order: the sessions, then the znodes in pre-order. Used by one thread. */
public interface SnapshotContent {
    /** Takes a session. */
    SnapshotContent session(long sessionId, int timeoutMillis);

    /**
     * Takes the next znode.
     *
     * @param buf  holds its full path as UTF-8 in {@code [from, to)}; the root's is empty
     * @param data kept, so it must not change
     * @param acl  quickest if it is the same object for all znodes that have it
     * @throws IllegalArgumentException if it does not come after its parent and before anything not below that
     */
    SnapshotContent znode(byte[] buf, int from, int to, byte @Nullable [] data, List<Acl> acl, Znode.Stored stored);
}
