package dev.paddock.sidecar.config;

import dev.paddock.client.NodeData;
import dev.paddock.sidecar.ensemble.Tree;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a key, or a subtree of keys, says.
 *
 * @param root   the key asked for
 * @param values absolute paths in order; of a subtree without the empty znodes that are only there to have children
 * @param index  grows with each change; see {@link Tree#zxid}
 * @param exists whether the root is there at all
 */
record Values(String root, SortedMap<String, Value> values, long index, boolean exists) {

    static Values of(String root, Tree tree, boolean recursive) {
        var values = new TreeMap<String, Value>();
        tree.nodes().forEach((path, node) -> {
            boolean folder = recursive
                    && node.data().length == 0
                    && (path.equals(root) || node.stat().numChildren() > 0);
            if (!folder) values.put(path, value(node));
        });
        return new Values(root, values, tree.zxid(), !tree.nodes().isEmpty());
    }

    private static Value value(NodeData node) {
        return new Value(node.data(), node.stat().mzxid(), node.stat().version());
    }

    /** The root's own value. */
    Optional<Value> single() {
        return Optional.ofNullable(values.get(root));
    }

    /** A path as seen from the root; the root itself is the empty string. */
    String relative(String path) {
        return path.equals(root) ? "" : path.substring(root.length() + 1);
    }

    String etag() {
        return "\"" + index + "\"";
    }
}
