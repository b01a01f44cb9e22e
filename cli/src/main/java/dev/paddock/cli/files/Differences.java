package dev.paddock.cli.files;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Znode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares two trees znode by znode and prints what differs, parents first. Parts that they share are passed over. */
final class Differences {
    private static final byte[] FIRST = {};

    private final Database one;
    private final Database other;
    private final boolean contentOnly;
    private final Lines out;
    private final Deque<Pair> open = new ArrayDeque<>();
    private long added;
    private long removed;
    private long changed;
    private long sessions;

    private record Pair(String path, Znode one, Znode other) {}

    Differences(Database one, Database other, boolean contentOnly, Lines out) {
        this.one = one;
        this.other = other;
        this.contentOnly = contentOnly;
        this.out = out;
    }

    void print() {
        if (!contentOnly) printSessions();
        open.add(new Pair("", one.root(), other.root()));
        while (!open.isEmpty()) compare(open.removeLast());
    }

    boolean isNone() {
        return added + removed + changed + sessions == 0;
    }

    String summary() {
        if (isNone()) return contentOnly ? "the same content" : "the same";
        return added + " added, " + removed + " removed, " + changed + " changed"
                + (sessions == 0 ? "" : "; " + Values.count(sessions, "session") + " not the same");
    }

    private void printSessions() {
        Map<Long, Integer> before = sessions(one);
        Map<Long, Integer> after = sessions(other);
        before.forEach((id, timeout) -> {
            if (after.remove(id, timeout)) return;
            sessions++;
            out.print("- session " + Values.hex(id) + " timeout " + timeout + " ms");
        });
        after.forEach((id, timeout) -> {
            sessions++;
            out.print("+ session " + Values.hex(id) + " timeout " + timeout + " ms");
        });
    }

    private static Map<Long, Integer> sessions(Database database) {
        Map<Long, Integer> sessions = new TreeMap<>();
        database.forEachSession(sessions::put);
        return sessions;
    }

    @SuppressWarnings("ReferenceEquality") // one object is one state, and need not be looked into
    private void compare(Pair pair) {
        if (pair.one == pair.other) return;
        List<String> changes = changes(pair.one, pair.other);
        if (!changes.isEmpty()) {
            changed++;
            out.print("~ " + Values.path(pair.path) + ": " + String.join(", ", changes));
        }
        Map<String, Znode> left = new HashMap<>(); // looked up, and emptied in the order of the other
        pair.one.childrenAfter(FIRST).forEachRemaining(child -> left.put(child.name(), child));
        List<Pair> both = new ArrayList<>();
        for (Iterator<Znode> children = pair.other.childrenAfter(FIRST); children.hasNext(); ) {
            Znode child = children.next();
            String path = pair.path + "/" + child.name();
            Znode before = left.remove(child.name());
            if (before == null) added += all('+', path, child);
            else both.add(new Pair(path, before, child));
        }
        pair.one.childrenAfter(FIRST).forEachRemaining(child -> {
            if (left.containsKey(child.name())) removed += all('-', pair.path + "/" + child.name(), child);
        });
        both.reversed().forEach(open::addLast);
    }

    /** Prints a znode and all below it, and says how many they are. */
    private long all(char sign, String top, Znode znode) {
        record Below(String path, Znode znode) {}
        long count = 0;
        Deque<Below> below = new ArrayDeque<>(List.of(new Below(top, znode)));
        while (!below.isEmpty()) {
            Below next = below.removeLast();
            out.print(sign + " " + Values.path(next.path) + " " + Values.size(next.znode.data()));
            next.znode
                    .childrenAfter(FIRST)
                    .forEachRemaining(child -> below.addLast(new Below(next.path + "/" + child.name(), child)));
            count++;
        }
        return count;
    }

    private List<String> changes(Znode before, Znode after) {
        List<String> changes = new ArrayList<>();
        if (!Arrays.equals(before.data(), after.data())) {
            changes.add("data " + Values.size(before.data()) + " -> " + Values.size(after.data()));
        }
        if (!before.acl().equals(after.acl())) {
            changes.add("acl " + Values.acl(before.acl()) + " -> " + Values.acl(after.acl()));
        }
        hex("owner", before.ephemeralOwner(), after.ephemeralOwner(), changes);
        if (contentOnly) return changes;
        number("version", before.version(), after.version(), changes);
        number("cversion", before.cversion(), after.cversion(), changes);
        number("aversion", before.aversion(), after.aversion(), changes);
        hex("czxid", before.czxid(), after.czxid(), changes);
        hex("mzxid", before.mzxid(), after.mzxid(), changes);
        hex("pzxid", before.pzxid(), after.pzxid(), changes);
        number("ctime", before.ctime(), after.ctime(), changes);
        number("mtime", before.mtime(), after.mtime(), changes);
        return changes;
    }

    private static void number(String what, long before, long after, List<String> changes) {
        if (before != after) changes.add(what + " " + before + " -> " + after);
    }

    private static void hex(String what, long before, long after, List<String> changes) {
        if (before != after) changes.add(what + " " + Values.hex(before) + " -> " + Values.hex(after));
    }
}
