package dev.paddock.node.tree;

import dev.paddock.node.tree.Edit.OwnedPath;
import dev.paddock.node.tree.Edit.SharedAcl;
import dev.paddock.wire.Acl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a database from the records of a snapshot: any number of sessions, and the znodes in pre-order, the root
 * first. Children are collected and their trie is made once, when the last of them is there. Used by one thread, once.
 */
public final class Loader implements SnapshotContent {
    private static final byte[] NO_BYTES = {};

    final TreeRules rules;
    LongMap<Integer> sessions = LongMap.empty();
    long znodeCount;
    long ephemeralCount;
    long digest;
    int quotas;
    long dataSize = 1; // Apache counts the root a second time, as "/"
    private final Map<Long, List<Keyed>> owned = new HashMap<>(); // looked up, and iterated into a trie
    private final Map<List<Acl>, AclUse> acls = new HashMap<>(); // likewise
    private @Nullable List<Acl> lastAcl;
    private @Nullable AclUse lastUse;

    /** From the root to the znode read last; levels below {@code depth} are kept for their arrays. */
    private final List<Level> levels = new ArrayList<>();

    private int depth;
    private final Descent descent = new Descent();

    /** A znode whose children may still come. */
    private static final class Level {
        byte[] name = NO_BYTES;
        byte @Nullable [] data;
        List<Acl> acl = Acl.OPEN_UNSAFE;
        Znode.@Nullable Stored stored;
        Keyed[] children = new Keyed[0];
        int childCount;
        int pathChars;

        void add(Znode child) {
            if (childCount == children.length) children = Arrays.copyOf(children, Math.max(8, childCount * 2));
            children[childCount++] = child;
        }
    }

    private static final class AclUse {
        final List<Acl> acl;
        long uses;

        AclUse(List<Acl> acl) {
            this.acl = acl;
        }
    }

    Loader(TreeRules rules) {
        this.rules = rules;
    }

    /** What Apache ZooKeeper's {@code DataTree} starts with. */
    static Database fresh(TreeRules rules) {
        var loader = new Loader(rules);
        var zeros = new Znode.Stored(0, 0, 0, 0, 0, 0, 0, 0, 0);
        var aclSetOnce = new Znode.Stored(0, 0, 0, 0, 0, 0, -1, 0, 0);
        loader.znode("", NO_BYTES, Acl.OPEN_UNSAFE, zeros);
        loader.znode("/zookeeper", NO_BYTES, Acl.OPEN_UNSAFE, zeros);
        loader.znode("/zookeeper/config", NO_BYTES, Acl.READ_UNSAFE, aclSetOnce);
        loader.znode("/zookeeper/quota", NO_BYTES, Acl.OPEN_UNSAFE, zeros);
        return loader.build(0);
    }

    @Override
    public Loader session(long sessionId, int timeoutMillis) {
        sessions = sessions.with(sessionId, timeoutMillis);
        return this;
    }

    /** Takes the next znode. */
    public Loader znode(String path, byte @Nullable [] data, List<Acl> acl, Znode.Stored stored) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        return znode(full, 0, full.length, data, acl, stored);
    }

    @Override
    public Loader znode(byte[] buf, int from, int to, byte @Nullable [] data, List<Acl> acl, Znode.Stored stored) {
        int above = descent.enter(buf, from, to);
        while (depth > above) close();
        Level level = open();
        level.name = Arrays.copyOfRange(buf, Descent.startOfName(buf, from, to), to);
        level.data = data;
        level.acl = share(acl);
        level.stored = stored;
        level.pathChars = depth == 1 ? 0 : levels.get(depth - 2).pathChars + 1 + chars(level.name);
        znodeCount++;
        dataSize += level.pathChars + (data == null ? 0 : data.length);
        own(stored.ephemeralOwner(), buf, from, to);
        if (Quotas.isLimits(buf, from, to)) quotas++;
        if (rules.digests() && NodeDigest.counts(buf, from, to)) {
            digest += NodeDigest.of(NodeDigest.prefix(buf, from, to, data), stored);
        }
        return this;
    }

    private Level open() {
        if (depth == levels.size()) levels.add(new Level());
        Level level = levels.get(depth++);
        level.childCount = 0;
        return level;
    }

    private void close() {
        Znode znode = finished(levels.get(--depth));
        levels.get(depth - 1).add(znode);
    }

    private static Znode finished(Level level) {
        KeyedTrie<Znode> children = KeyedTrie.of(level.children, level.childCount);
        if (level.children.length > 1024)
            level.children = new Keyed[0]; // one huge directory is no reason to keep so much
        else Arrays.fill(level.children, 0, level.childCount, null);
        return new Znode(level.name, level.data, level.acl, stored(level), children);
    }

    private static Znode.Stored stored(Level level) {
        if (level.stored == null) throw new IllegalStateException("a level that was never opened");
        return level.stored;
    }

    private void own(long owner, byte[] buf, int from, int to) {
        long group = Database.ownerGroup(owner, rules);
        if (group == 0) return;
        if (Owner.of(group, rules) == Owner.SESSION) ephemeralCount++;
        owned.computeIfAbsent(group, g -> new ArrayList<>()).add(new OwnedPath(Arrays.copyOfRange(buf, from, to)));
    }

    @SuppressWarnings("ReferenceEquality") // the same object as before is the quick way; equal ones are found as well
    private List<Acl> share(List<Acl> acl) {
        if (acl.equals(Acl.OPEN_UNSAFE)) return Acl.OPEN_UNSAFE;
        if (acl != lastAcl || lastUse == null) {
            lastAcl = acl;
            lastUse = acls.computeIfAbsent(acl, a -> new AclUse(List.copyOf(a)));
        }
        lastUse.uses++;
        return lastUse.acl;
    }

    private static int chars(byte[] utf8) {
        int chars = 0;
        for (byte b : utf8) {
            if ((b & 0xC0) != 0x80) chars++; // a byte that begins a character
            if ((b & 0xF8) == 0xF0) chars++; // one that Java says with two
        }
        return chars;
    }

    /**
     * Ends the reading.
     *
     * @param lastZxid the highest zxid whose effects the snapshot surely has
     * @throws IllegalArgumentException if there is no root, or a znode came twice
     */
    public Database build(long lastZxid) {
        if (depth == 0) throw new IllegalArgumentException("no root");
        while (depth > 1) close();
        var database = new Database(this, finished(levels.getFirst()), lastZxid);
        return quotas == 0 ? database : Edit.recounted(database);
    }

    LongMap<KeyedTrie<Keyed>> ownedTries() {
        LongMap<KeyedTrie<Keyed>> tries = LongMap.empty();
        for (var entry : owned.entrySet()) {
            Keyed[] paths = entry.getValue().toArray(Keyed[]::new);
            tries = tries.with(entry.getKey(), KeyedTrie.of(paths, paths.length));
        }
        return tries;
    }

    KeyedTrie<SharedAcl> aclTrie() {
        KeyedTrie<SharedAcl> trie = KeyedTrie.empty();
        for (AclUse use : acls.values()) trie = trie.with(new SharedAcl(Edit.key(use.acl), use.acl, use.uses));
        return trie;
    }
}
