package dev.paddock.node.tree;

import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's way from a database to the next: the fields of the new one while they are being made. Used by one
 * thread, once. The operations are those of Apache ZooKeeper 3.9's {@code DataTree}; each says how it went as an error
 * code, {@link #OK} when it applied. They tolerate being replayed over a state that already has them in part.
 */
final class Edit {
    static final int OK = 0;
    private static final byte[] QUOTAS = Quotas.ROOT.getBytes(StandardCharsets.US_ASCII);
    private static final int NO_NODE = ErrorCode.NO_NODE.code();
    private static final int NODE_EXISTS = ErrorCode.NODE_EXISTS.code();
    private static final int BAD_ARGUMENTS = ErrorCode.BAD_ARGUMENTS.code();

    final TreeRules rules;
    private final long zxid;
    private final long timeMillis;

    Znode root;
    LongMap<Integer> sessions;
    LongMap<KeyedTrie<Keyed>> owned;
    KeyedTrie<SharedAcl> acls;
    long znodeCount;
    long ephemeralCount;
    long dataSize;
    int quotas;
    private @Nullable Znode made;
    final TreeDigest digest;
    final List<Change> changes = new ArrayList<>(4);

    /** The znodes from the root to the one that {@link #walk} was asked for, of which the first {@code depth} count. */
    private Znode[] line = new Znode[8];

    private int depth;

    Edit(Database before, long zxid, long timeMillis) {
        this.rules = before.rules;
        this.root = before.root;
        this.sessions = before.sessions;
        this.owned = before.owned;
        this.acls = before.acls;
        this.znodeCount = before.znodeCount;
        this.ephemeralCount = before.ephemeralCount;
        this.dataSize = before.dataSize;
        this.quotas = before.quotas;
        this.digest = new TreeDigest(rules.digests(), before.digest);
        this.zxid = zxid;
        this.timeMillis = timeMillis;
    }

    /** A list of ACLs that at least one znode has, and how many have it. */
    static final class SharedAcl extends Keyed {
        final List<Acl> acl;
        final long uses;

        SharedAcl(byte[] key, List<Acl> acl, long uses) {
            super(key);
            this.acl = acl;
            this.uses = uses;
        }
    }

    /**
     * Creates a znode.
     *
     * @param parentCversion the parent's stored cversion after it, or -1 for one more than it is
     * @param adjusts whether an existing znode still brings the parent's cversion up to date: true for op 1 alone
     */
    int create(
            String path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            long owner,
            int parentCversion,
            boolean adjusts) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        int slash = lastSlash(full);
        if (slash < 0 || slash == full.length - 1) return BAD_ARGUMENTS;
        if (!walk(full, slash)) return NO_NODE;
        Znode parent = line[depth - 1];
        int cversion = Math.max(parent.cversion(), parentCversion == -1 ? parent.cversion() + 1 : parentCversion);
        long pzxid = cversion > parent.cversion() ? zxid : parent.pzxid();
        List<Acl> shared = share(acl);
        Znode existing = parent.child(full, slash + 1, full.length);
        if (existing != null) {
            unshare(existing.acl());
            Znode again = parent.withChild(existing.withAcl(shared, existing.aversion()));
            replaceLast(full, slash, adjusts ? again.withChildren(again.children(), cversion, pzxid) : again);
            return NODE_EXISTS;
        }
        byte[] name = Arrays.copyOfRange(full, slash + 1, full.length);
        var stored = Znode.Stored.created(zxid, timeMillis, owner);
        var node = new Znode(name, data, shared, stored, KeyedTrie.empty());
        made = node;
        replaceLast(full, slash, parent.withChildren(parent.children().with(node), cversion, pzxid));
        digest.added(full, full.length, node);
        count(path, node, full);
        quotaCreated(path, full);
        charge(path, node.dataLength(), 1);
        changes.add(new Change(Change.Kind.CREATED, path, shared, node.dataLength()));
        changes.add(new Change(Change.Kind.CHILDREN_CHANGED, parentPath(path), parent.acl(), parent.dataLength()));
        return OK;
    }

    int delete(String path) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        int slash = lastSlash(full);
        if (slash < 0 || slash == full.length - 1 || !walk(full, slash)) return NO_NODE;
        Znode parent = line[depth - 1];
        Znode node = parent.child(full, slash + 1, full.length);
        var left = parent.children().without(full, slash + 1, full.length);
        replaceLast(full, slash, parent.withChildren(left, parent.cversion(), Math.max(parent.pzxid(), zxid)));
        if (node == null) return NO_NODE;
        discountAll(path, full, node);
        charge(path, -node.dataLength(), -1);
        changes.add(new Change(Change.Kind.DELETED, path, node.acl(), 0));
        changes.add(new Change(Change.Kind.CHILDREN_CHANGED, parentPath(path), parent.acl(), parent.dataLength()));
        return OK;
    }

    int setData(String path, byte @Nullable [] data, int version) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        if (!walk(full, full.length)) return NO_NODE;
        Znode node = line[depth - 1];
        Znode changed = node.withData(data, version, zxid, timeMillis);
        made = changed;
        replaceLast(full, full.length, changed);
        dataSize += changed.dataLength() - node.dataLength();
        charge(path, changed.dataLength() - node.dataLength(), 0);
        changes.add(new Change(Change.Kind.DATA_CHANGED, path, node.acl(), changed.dataLength()));
        return OK;
    }

    int setAcl(String path, @Nullable List<Acl> acl, int aversion) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        if (!walk(full, full.length)) return NO_NODE;
        Znode node = line[depth - 1];
        List<Acl> shared = share(acl);
        Znode changed = node.withAcl(shared, aversion);
        made = changed;
        replaceLast(full, full.length, changed);
        unshare(node.acl());
        return OK;
    }

    void createSession(long sessionId, int timeoutMillis) {
        sessions = sessions.with(sessionId, timeoutMillis);
    }

    /** Deletes the listed paths in their order, then what else the session owns, in the order of paths. */
    void closeSession(long sessionId, @Nullable List<String> paths) {
        sessions = sessions.without(sessionId);
        KeyedTrie<Keyed> mine = owned.get(sessionId);
        owned = owned.without(sessionId);
        if (mine != null) ephemeralCount -= mine.size();
        if (paths != null) paths.forEach(this::delete);
        if (mine == null) return;
        for (String path : Database.sorted(mine)) if (isThere(path)) delete(path);
    }

    private boolean isThere(String path) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        return walk(full, full.length);
    }

    /** The znode that the last operation has created or changed, as it was before a quota counted anything in it. */
    Znode made() {
        if (made == null) throw new IllegalStateException("nothing created or changed");
        return made;
    }

    /** Follows {@code path[0, to)} from the root into {@link #line}; false if some part is not there. */
    private boolean walk(byte[] path, int to) {
        line[0] = root;
        depth = 1;
        if (to == 0 || (to == 1 && path[0] == '/')) return true;
        if (path[0] != '/') return false;
        for (int from = 1; from <= to; ) {
            int end = Database.endOfName(path, from, to);
            Znode child = line[depth - 1].child(path, from, end);
            if (child == null) return false;
            if (depth == line.length) line = Arrays.copyOf(line, depth * 2);
            line[depth++] = child;
            from = end + 1;
        }
        return true;
    }

    /** Puts another version of the last znode of the line, which is {@code path[0, length)}, in its place, and so others of all above it. */
    private void replaceLast(byte[] path, int length, Znode changed) {
        boolean isRoot = depth == 1; // which goes by "" and by "/"
        digest.replaced(path, isRoot ? 0 : length, line[depth - 1], changed);
        Znode below = changed;
        for (int i = depth - 2; i >= 0; i--) below = line[i].withChild(below);
        root = below;
    }

    /** New limits are in force; the znode that says what is there, once made, is told. */
    private void quotaCreated(String path, byte[] full) {
        if (Quotas.isLimits(full, 0, full.length)) quotas++;
        int name = path.length() - Quotas.STATS.length();
        boolean isStats = name > Quotas.ROOT.length() + 1
                && path.startsWith(Quotas.ROOT + "/")
                && path.endsWith("/" + Quotas.STATS);
        if (isStats) recount(path.substring(Quotas.ROOT.length(), name - 1));
    }

    /** A change at a path, for the quota that it falls under. */
    private void charge(String path, long bytes, int count) {
        if (quotas == 0 || !walk(QUOTAS, QUOTAS.length)) return;
        String limited = Quotas.limitedAbove(line[depth - 1], path);
        if (limited == null) return;
        byte[] stats = (Quotas.ROOT + limited + "/" + Quotas.STATS).getBytes(StandardCharsets.UTF_8);
        if (!walk(stats, stats.length)) return;
        Map<String, Long> there = Quotas.parsed(line[depth - 1].data());
        there.put("count", there.getOrDefault("count", -1L) + count);
        there.put("bytes", there.getOrDefault("bytes", -1L) + bytes);
        replaceStats(stats, there);
    }

    /** Only the data, and none of the numbers: Apache does not even count its bytes. */
    private void replaceStats(byte[] path, Map<String, Long> there) {
        Znode old = line[depth - 1];
        replaceLast(path, path.length, old.withData(Quotas.text(there), old.version(), old.mzxid(), old.mtime()));
    }

    private void recount(String limited) {
        byte[] path = limited.getBytes(StandardCharsets.UTF_8);
        long[] sum = {0, 0};
        if (walk(path, path.length)) {
            new Walk(line[depth - 1]).visit((below, length, node) -> {
                sum[0]++;
                sum[1] += node.dataLength();
            });
        }
        byte[] stats = (Quotas.ROOT + limited + "/" + Quotas.STATS).getBytes(StandardCharsets.UTF_8);
        if (walk(stats, stats.length)) replaceStats(stats, Map.of("count", sum[0], "bytes", sum[1]));
    }

    /** A database read from a snapshot, with what is there counted anew for every quota. */
    static Database recounted(Database loaded) {
        var edit = new Edit(loaded, loaded.lastZxid(), 0);
        Znode quotas = loaded.find(Quotas.ROOT);
        if (quotas == null) return loaded;
        new Walk(quotas).visit((path, length, node) -> {
            String full = Quotas.ROOT + new String(path, 0, length, StandardCharsets.UTF_8);
            byte[] bytes = full.getBytes(StandardCharsets.UTF_8);
            boolean isLimits = node.childCount() == 0 && Quotas.isLimits(bytes, 0, bytes.length);
            if (isLimits) edit.recount(full.substring(Quotas.ROOT.length(), full.lastIndexOf('/')));
        });
        return new Database(edit, loaded.lastZxid());
    }

    private void count(String path, Znode node, byte[] full) {
        znodeCount++;
        dataSize += path.length() + node.dataLength();
        long group = Database.ownerGroup(node.ephemeralOwner(), rules);
        if (group == 0) return;
        KeyedTrie<Keyed> paths = owned.get(group);
        if (paths == null) paths = KeyedTrie.empty();
        owned = owned.with(group, paths.with(new OwnedPath(full)));
        if (Owner.of(group, rules) == Owner.SESSION) ephemeralCount++;
    }

    /** A znode is deleted when it has no children, but replay over a newer state may meet some: they go with it. */
    private void discountAll(String path, byte[] full, Znode top) {
        discount(path.length(), full, top);
        if (top.childCount() == 0) return;
        new Walk(top).visit((below, length, node) -> {
            if (length == 0) return; // the top itself
            byte[] its = Arrays.copyOf(full, full.length + length);
            System.arraycopy(below, 0, its, full.length, length);
            discount(new String(its, StandardCharsets.UTF_8).length(), its, node);
        });
    }

    private void discount(int pathChars, byte[] full, Znode node) {
        znodeCount--;
        dataSize -= pathChars + node.dataLength();
        digest.removed(full, full.length, node);
        if (Quotas.isLimits(full, 0, full.length)) quotas--;
        unshare(node.acl());
        long group = Database.ownerGroup(node.ephemeralOwner(), rules);
        KeyedTrie<Keyed> paths = group == 0 ? null : owned.get(group);
        if (paths == null) return;
        KeyedTrie<Keyed> left = paths.without(full, 0, full.length);
        if (left == paths) return;
        owned = left.isEmpty() ? owned.without(group) : owned.with(group, left);
        if (Owner.of(group, rules) == Owner.SESSION) ephemeralCount--;
    }

    /** The one list equal to this that all znodes share; counts one more use of it. */
    private List<Acl> share(@Nullable List<Acl> acl) {
        if (acl == null || acl.equals(Acl.OPEN_UNSAFE)) return Acl.OPEN_UNSAFE;
        byte[] key = key(acl);
        SharedAcl shared = acls.get(key, 0, key.length);
        List<Acl> one = shared == null ? List.copyOf(acl) : shared.acl;
        acls = acls.with(new SharedAcl(key, one, shared == null ? 1 : shared.uses + 1));
        return one;
    }

    private void unshare(List<Acl> acl) {
        if (acl.equals(Acl.OPEN_UNSAFE)) return;
        byte[] key = key(acl);
        SharedAcl shared = acls.get(key, 0, key.length);
        if (shared == null) return;
        acls = shared.uses == 1
                ? acls.without(key, 0, key.length)
                : acls.with(new SharedAcl(key, shared.acl, shared.uses - 1));
    }

    static byte[] key(List<Acl> acl) {
        var w = new Writer(64);
        Acl.writeList(w, acl);
        return w.toByteArray();
    }

    /** The path of an ephemeral, a container or a TTL znode, in the set of its owner. */
    static final class OwnedPath extends Keyed {
        OwnedPath(byte[] path) {
            super(path);
        }
    }

    private static int lastSlash(byte[] path) {
        int at = path.length - 1;
        while (at >= 0 && path[at] != '/') at--;
        return at;
    }

    private static String parentPath(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }
}
