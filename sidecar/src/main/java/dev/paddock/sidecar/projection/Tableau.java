package dev.paddock.sidecar.projection;

import dev.paddock.client.NodeData;
import dev.paddock.sidecar.ensemble.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files a subtree becomes. A znode without children is a file; one with children is a folder, and its own data, if it has
 * any, the file {@code .value} in there.
 *
 * @param files relative paths to data
 * @param leftOut znodes whose names no file can have: longer than 255 bytes, or beginning with {@code ..}, which is for the
 *     folder's own use
 */
record Tableau(SortedMap<String, byte[]> files, SortedSet<String> leftOut) {
    private static final int NAME_BYTES_MAX = 255;
    private static final String OWN_VALUE = ".value";

    static Tableau of(String root, Tree tree) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        SortedSet<String> leftOut = new TreeSet<>();
        tree.nodes().forEach((path, node) -> {
            String file = file(root, path, node, tree);
            if (file.isEmpty()) return;
            if (Arrays.stream(file.split("/", -1)).allMatch(Tableau::canBeNamed)) files.put(file, node.data());
            else leftOut.add(path);
        });
        return new Tableau(files, leftOut);
    }

    /** Empty for a folder without data of its own. */
    private static String file(String root, String path, NodeData node, Tree tree) {
        boolean folder = path.equals(root) || isFolder(path, tree);
        String relative = path.equals(root) ? "" : path.substring(root.length() + 1);
        if (!folder) return relative;
        if (node.data().length == 0) return "";
        return relative.isEmpty() ? OWN_VALUE : relative + "/" + OWN_VALUE;
    }

    private static boolean isFolder(String path, Tree tree) {
        SortedMap<String, NodeData> below = tree.nodes().tailMap(path + "/");
        return !below.isEmpty() && below.firstKey().startsWith(path + "/");
    }

    private static boolean canBeNamed(String name) {
        return !name.startsWith("..") && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
    }

    /** The first segments of all files: what lies in the folder itself. */
    SortedSet<String> entries() {
        SortedSet<String> entries = new TreeSet<>();
        for (String file : files.keySet())
            entries.add(List.of(file.split("/", 2)).getFirst());
        return entries;
    }

    boolean sameFiles(Tableau other) {
        if (!files.keySet().equals(other.files.keySet())) return false;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!Arrays.equals(file.getValue(), other.files.get(file.getKey()))) return false;
        }
        return true;
    }
}
