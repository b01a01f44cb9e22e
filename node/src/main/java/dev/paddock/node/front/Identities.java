package dev.paddock.node.front;

import dev.paddock.wire.Id;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The identities of one connection, each once, in the order Apache ZooKeeper has them: it keeps them in a hash table, and
 * its order is seen in what becomes of an ACL entry of scheme {@code auth}, and in the answer to whoAmI.
 */
final class Identities {
    private static final int BUCKETS_FIRST = 16;

    private Identities() {}

    /** With one more. */
    static List<Id> plus(List<Id> ids, Id id) {
        if (ids.contains(id)) return ids;
        var more = new ArrayList<>(ids);
        more.add(id);
        int buckets = BUCKETS_FIRST;
        while (more.size() >= buckets / 4 * 3) buckets *= 2;
        int mask = buckets - 1;
        more.sort(Comparator.comparingInt(one -> spread(one) & mask));
        return List.copyOf(more);
    }

    private static int spread(Id id) {
        int hash = 37 * (37 * 17 + id.scheme().hashCode()) + id.id().hashCode();
        return hash ^ (hash >>> 16);
    }

    /** The length of an id as UTF-8. */
    static int bytes(Id id) {
        return id.scheme().getBytes(StandardCharsets.UTF_8).length + id.id().getBytes(StandardCharsets.UTF_8).length;
    }
}
