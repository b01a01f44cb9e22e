package dev.paddock.node.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Goes through a subtree in pre-order with a stack of its own, so that depth costs memory and never the thread's stack.
 * It can rest between two znodes for as long as its user likes. Owned by one thread.
 */
public final class Walk {
    /** The children of one znode that are still to come, and how long its path is. */
    private record Level(Iterator<Znode> children, int pathLength) {}

    private final List<Level> open = new ArrayList<>();
    private byte[] path = new byte[256];
    private int length;
    private Znode node;
    private boolean started;

    /** Paths are given relative to the top. */
    Walk(Znode top) {
        this.node = top;
    }

    /** Steps to the next znode, the top first; false when there is none. */
    public boolean next() {
        if (!started) {
            started = true;
            enter();
            return true;
        }
        while (!open.isEmpty()) {
            Level level = open.getLast();
            if (level.children.hasNext()) {
                node = level.children.next();
                append(level.pathLength, node.key);
                enter();
                return true;
            }
            open.removeLast();
        }
        return false;
    }

    /** The znode stepped to last. */
    public Znode node() {
        return node;
    }

    /** Its path as UTF-8 in the first {@link #pathLength} bytes, valid until the next step; empty for the top. */
    @SuppressWarnings("PMD.MethodReturnsInternalArray")
    public byte[] path() {
        return path;
    }

    /** How many bytes its path has. */
    public int pathLength() {
        return length;
    }

    <X extends Exception> void visit(Database.Visitor<X> visitor) throws X {
        while (next()) visitor.znode(path, length, node);
    }

    private void enter() {
        if (node.childCount() > 0) open.add(new Level(node.children().iterator(), length));
    }

    private void append(int parentLength, byte[] name) {
        length = parentLength + 1 + name.length;
        if (length > path.length) path = Arrays.copyOf(path, Math.max(length, path.length * 2));
        path[parentLength] = '/';
        System.arraycopy(name, 0, path, parentLength + 1, name.length);
    }
}
