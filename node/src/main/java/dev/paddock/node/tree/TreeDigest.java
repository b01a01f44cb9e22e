package dev.paddock.node.tree;

/**
 * The digest of a tree while a transaction changes it: the wrapping sum of the {@link NodeDigest}s of its znodes. Paths
 * are the first {@code length} bytes of their array; the root's is empty. Used by one thread.
 */
final class TreeDigest {
    private final boolean isKept;
    private long sum;

    TreeDigest(boolean isKept, long sum) {
        this.isKept = isKept;
        this.sum = sum;
    }

    long sum() {
        return sum;
    }

    void added(byte[] path, int length, Znode node) {
        if (counts(path, length)) sum += NodeDigest.of(NodeDigest.prefix(path, 0, length, node.data()), node);
    }

    void removed(byte[] path, int length, Znode node) {
        if (counts(path, length)) sum -= NodeDigest.of(NodeDigest.prefix(path, 0, length, node.data()), node);
    }

    /** One znode in place of another at the same path. */
    void replaced(byte[] path, int length, Znode before, Znode after) {
        if (!counts(path, length)) return;
        int prefix = NodeDigest.prefix(path, 0, length, before.data());
        int prefixAfter = before.hasDataOf(after) ? prefix : NodeDigest.prefix(path, 0, length, after.data());
        sum += NodeDigest.of(prefixAfter, after) - NodeDigest.of(prefix, before);
    }

    private boolean counts(byte[] path, int length) {
        return isKept && NodeDigest.counts(path, 0, length);
    }
}
