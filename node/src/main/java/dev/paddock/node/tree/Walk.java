package dev.paddock.node.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Goes through a subtree in pre-order with a stack of its own, so that depth costs memory and never the thread's stack. */
final class Walk {
    /** The children of one znode that are still to come, and how long its path is. */
    private record Level(Iterator<Znode> children, int pathLength) {}

    private final Znode top;
    private byte[] path = new byte[256];

    /** Paths are given relative to the top. */
    Walk(Znode top) {
        this.top = top;
    }

    <X extends Exception> void visit(Database.Visitor<X> visitor) throws X {
        visitor.znode(path, 0, top);
        List<Level> open = new ArrayList<>();
        open.add(new Level(top.children().iterator(), 0));
        while (!open.isEmpty()) {
            Level level = open.getLast();
            if (!level.children.hasNext()) {
                open.removeLast();
                continue;
            }
            Znode node = level.children.next();
            int length = append(level.pathLength, node.key);
            visitor.znode(path, length, node);
            if (node.childCount() > 0) open.add(new Level(node.children().iterator(), length));
        }
    }

    private int append(int parentLength, byte[] name) {
        int length = parentLength + 1 + name.length;
        if (length > path.length) path = Arrays.copyOf(path, Math.max(length, path.length * 2));
        path[parentLength] = '/';
        System.arraycopy(name, 0, path, parentLength + 1, name.length);
        return length;
    }
}
