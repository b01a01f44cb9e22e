package dev.paddock.node.tree;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks for the first thing in which two databases differ. Shared parts are equal and not looked into. */
final class Difference {
    private record Pair(String path, Znode one, Znode other) {}

    private final Database one;
    private final Database other;

    Difference(Database one, Database other) {
        this.one = one;
        this.other = other;
    }

    @Nullable
    String first() {
        if (one.lastZxid() != other.lastZxid()) {
            return "last zxid 0x" + Long.toHexString(one.lastZxid()) + " and 0x" + Long.toHexString(other.lastZxid());
        }
        if (one.sessions != other.sessions && !sessionsOf(one).equals(sessionsOf(other))) {
            return "sessions " + sessionsOf(one) + " and " + sessionsOf(other);
        }
        var open = new ArrayDeque<Pair>();
        open.add(new Pair("", one.root, other.root));
        while (!open.isEmpty()) {
            Pair pair = open.removeLast();
            if (pair.one == pair.other) continue;
            String found = ofZnode(pair);
            if (found != null) return found;
            Iterator<Znode> theirs = pair.other.children().iterator(); // same names, so the same order
            for (Znode child : pair.one.children()) {
                open.add(new Pair(pair.path + "/" + child.name(), child, theirs.next()));
            }
        }
        return one.digest() == other.digest() || !one.rules().equals(other.rules())
                ? null
                : "digest 0x" + Long.toHexString(one.digest()) + " and 0x" + Long.toHexString(other.digest());
    }

    private static @Nullable String ofZnode(Pair pair) {
        Znode one = pair.one;
        Znode other = pair.other;
        String path = pair.path.isEmpty() ? "/" : pair.path;
        if (path.equals(Database.CONFIG)) return null; // each server puts there what it knows; see withConfig
        if (!one.stored().equals(other.stored())) return path + ": " + one.stored() + " and " + other.stored();
        if (!Database.sameData(one, other)) return path + ": data";
        if (!one.acl().equals(other.acl())) return path + ": " + one.acl() + " and " + other.acl();
        if (!one.childNames().equals(other.childNames())) {
            return path + ": children " + one.childNames() + " and " + other.childNames();
        }
        return null;
    }

    private static Map<Long, Integer> sessionsOf(Database database) {
        var sessions = new TreeMap<Long, Integer>();
        database.forEachSession(sessions::put);
        return sessions;
    }
}
