package dev.paddock.node.tree;

import dev.paddock.node.members.Members;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Stat;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All that the ensemble replicates, at one zxid: the znodes, the sessions, who owns which ephemerals. Immutable; a
 * transaction gives the next database, which shares with this one all that it did not touch. Any thread may hold and
 * read any database without locks for as long as it likes.
 *
 * <p>What a transaction does is Apache ZooKeeper 3.9's {@code DataTree.processTxn}, replay included: applied over a
 * state that already has it in part, as one read from a snapshot that Apache made while it went on writing, it does no
 * harm. Paths are UTF-8; no operation recurses along them.
 */
public final class Database {
    private static final Database EMPTY = Loader.fresh(TreeRules.DEFAULT);
    /** Where the ensemble's configuration is kept. */
    public static final String CONFIG = "/zookeeper/config";

    final TreeRules rules;
    final Znode root;
    final LongMap<Integer> sessions;
    final LongMap<KeyedTrie<Keyed>> owned; // session id, or mark of containers or TTLs, to paths; never an empty set
    final KeyedTrie<Edit.SharedAcl> acls; // every list in use but the open one, by its bytes
    final long znodeCount;
    final long ephemeralCount;
    final long dataSize;
    final long digest;
    final int quotas; // znodes with limits
    private final long lastZxid;

    Database(Edit edit, long lastZxid) {
        this.rules = edit.rules;
        this.root = edit.root;
        this.sessions = edit.sessions;
        this.owned = edit.owned;
        this.acls = edit.acls;
        this.znodeCount = edit.znodeCount;
        this.ephemeralCount = edit.ephemeralCount;
        this.dataSize = edit.dataSize;
        this.digest = edit.digest.sum();
        this.quotas = edit.quotas;
        this.lastZxid = lastZxid;
    }

    Database(Loader loader, Znode root, long lastZxid) {
        this.rules = loader.rules;
        this.root = root;
        this.sessions = loader.sessions;
        this.owned = loader.ownedTries();
        this.acls = loader.aclTrie();
        this.znodeCount = loader.znodeCount;
        this.ephemeralCount = loader.ephemeralCount;
        this.dataSize = loader.dataSize;
        this.digest = loader.digest;
        this.quotas = loader.quotas;
        this.lastZxid = lastZxid;
    }

    /** The first database of a new ensemble: the znodes that Apache makes in a new one, at zxid 0. */
    public static Database empty() {
        return EMPTY;
    }

    /** Likewise, with other rules than the default ones. */
    public static Database empty(TreeRules rules) {
        return rules.equals(TreeRules.DEFAULT) ? EMPTY : Loader.fresh(rules);
    }

    /** Starts to read a database from a snapshot. */
    public static Loader loader() {
        return new Loader(TreeRules.DEFAULT);
    }

    /** Likewise, with other rules than the default ones. */
    public static Loader loader(TreeRules rules) {
        return new Loader(rules);
    }

    /**
     * The same with the ensemble's configuration in {@code /zookeeper/config}, as a server puts it there when it starts:
     * no transaction does that, so the znode's version is -1, and its digest is not part of the tree's. A newer one stays.
     *
     * @param text    lines {@code server.N=…}, then {@code version=<hex>}
     * @param version of the configuration, which is the zxid that made it
     */
    public Database withConfig(String text, long version, long nowMillis) {
        Znode old = find(CONFIG);
        if (old == null || old.mzxid() > version) return this;
        if (version > 0 && old.mzxid() == version) return this; // a transaction made it, or an earlier call of this
        var edit = new Edit(this, version, nowMillis);
        edit.setData(CONFIG, text.getBytes(StandardCharsets.UTF_8), -1);
        return new Database(edit, lastZxid);
    }

    /**
     * The members that {@code /zookeeper/config} names; empty if it names none, or if what it holds was written there by hand:
     * the version of a configuration is the zxid that put it there.
     */
    public Optional<Members> members() {
        Znode config = find(CONFIG);
        byte[] text = config == null ? null : config.data();
        if (config == null || text == null || text.length == 0) return Optional.empty();
        try {
            Members members = Members.parse(new String(text, StandardCharsets.UTF_8));
            return members.version() == config.mzxid() ? Optional.of(members) : Optional.empty();
        } catch (IllegalArgumentException e) { // not one of ours
            return Optional.empty();
        }
    }

    /** The highest zxid applied. */
    public long lastZxid() {
        return lastZxid;
    }

    /** How this tree behaves. */
    public TreeRules rules() {
        return rules;
    }

    /** Apache's digest of the tree, version 2, as {@link NodeDigest} says; 0 if the rules say that none is kept. */
    public long digest() {
        return digest;
    }

    /** The root. */
    public Znode root() {
        return root;
    }

    /** The znode at an absolute path, or null. The root goes by the name "" too, as in Apache's tree. */
    public @Nullable Znode find(String path) {
        byte[] full = path.getBytes(StandardCharsets.UTF_8);
        return find(full, 0, full.length);
    }

    /** The znode at an absolute path that lies in {@code buf[from, to)}, or null. Allocates nothing. */
    public @Nullable Znode find(byte[] buf, int from, int to) {
        if (from == to) return root;
        if (buf[from] != '/') return null;
        if (to - from == 1) return root;
        Znode node = root;
        for (int start = from + 1; node != null && start <= to; ) {
            int end = endOfName(buf, start, to);
            node = node.child(buf, start, end);
            start = end + 1;
        }
        return node;
    }

    static int endOfName(byte[] path, int from, int to) {
        int end = from;
        while (end < to && path[end] != '/') end++;
        return end;
    }

    /** Applies the next transaction of the history. See {@link #apply(TxnHeader, Txn)}. */
    public Applied apply(TxnRecord record) {
        return apply(record.header(), record.txn());
    }

    /**
     * Applies the next transaction of the history. It never refuses: one that cannot apply, which happens in replay
     * only, has {@link Outcome.Failed} as its outcome and moves {@link #lastZxid} all the same.
     */
    public Applied apply(TxnHeader header, Txn txn) {
        var edit = new Edit(this, header.zxid(), header.timeMillis());
        Outcome outcome = new Application(edit, header.sessionId()).outcomeOf(txn);
        return new Applied(new Database(edit, Math.max(lastZxid, header.zxid())), outcome, List.copyOf(edit.changes));
    }

    /** What a client is shown of a znode: {@code cversion} counts deletes too, owners that are no session are 0. */
    public Stat stat(Znode node) {
        return stat(node, rules);
    }

    static Stat stat(Znode node, TreeRules rules) {
        return new Stat(
                node.czxid(),
                node.mzxid(),
                node.ctime(),
                node.mtime(),
                node.version(),
                shownCversion(node),
                node.aversion(),
                shownOwner(node, rules),
                node.dataLength(),
                node.childCount(),
                node.pzxid());
    }

    /** Writes {@link #stat} without making it. */
    public void writeStat(Znode node, Writer w) {
        w.writeLong(node.czxid());
        w.writeLong(node.mzxid());
        w.writeLong(node.ctime());
        w.writeLong(node.mtime());
        w.writeInt(node.version());
        w.writeInt(shownCversion(node));
        w.writeInt(node.aversion());
        w.writeLong(shownOwner(node, rules));
        w.writeInt(node.dataLength());
        w.writeInt(node.childCount());
        w.writeLong(node.pzxid());
    }

    private static int shownCversion(Znode node) {
        return node.cversion() * 2 - node.childCount(); // for each create a delete, but for the children still there
    }

    private static long shownOwner(Znode node, TreeRules rules) {
        long owner = node.ephemeralOwner();
        return owner != 0 && Owner.of(owner, rules) == Owner.SESSION ? owner : 0;
    }

    /** The negotiated timeout of a session, or -1 if there is none with this id. */
    public int sessionTimeoutMillis(long sessionId) {
        Integer timeout = sessions.get(sessionId);
        return timeout == null ? -1 : timeout;
    }

    /** What {@link #forEachSession} calls. */
    public interface SessionVisitor {
        /** Takes one session. */
        void session(long sessionId, int timeoutMillis);
    }

    /** Visits all sessions, in an order that depends on their ids only. */
    public void forEachSession(SessionVisitor visitor) {
        sessions.forEach(visitor::session);
    }

    /** The paths of the ephemerals of a session, sorted; empty if it has none. */
    public List<String> ephemeralsOf(long sessionId) {
        return sorted(owned.get(sessionId));
    }

    /** Calls the visitor with every session that owns ephemerals and how many, sessions unknown here included. */
    public void forEachEphemeralOwner(SessionVisitor visitor) {
        owned.forEach((owner, paths) -> {
            if (Owner.of(owner, rules) == Owner.SESSION) visitor.session(owner, paths.size());
        });
    }

    /** The paths of all containers, sorted. */
    public List<String> containers() {
        return sorted(owned.get(Owner.CONTAINER_MARK));
    }

    /** The paths of all znodes with a time to live, sorted; none if these are not enabled. */
    public List<String> ttlZnodes() {
        return rules.extendedTypes() ? sorted(owned.get(Owner.TTL_MARK)) : List.of();
    }

    /** The paths of all containers and of all znodes with a time to live, one by one, in an order that depends on them only. */
    public Iterator<String> sweepable() {
        KeyedTrie<Keyed> containers = owned.get(Owner.CONTAINER_MARK);
        KeyedTrie<Keyed> ttls = rules.extendedTypes() ? owned.get(Owner.TTL_MARK) : null;
        return Stream.of(Optional.ofNullable(containers), Optional.ofNullable(ttls))
                .flatMap(Optional::stream)
                .flatMap(paths -> StreamSupport.stream(paths.spliterator(), false))
                .map(path -> new String(path.key, StandardCharsets.UTF_8))
                .iterator();
    }

    static List<String> sorted(@Nullable Iterable<Keyed> paths) {
        if (paths == null) return List.of();
        var sorted = new ArrayList<String>();
        for (Keyed path : paths) sorted.add(new String(path.key, StandardCharsets.UTF_8));
        sorted.sort(null);
        return sorted;
    }

    /** The key in {@link #owned} under which a znode of this owner is listed; 0 if under none. */
    static long ownerGroup(long owner, TreeRules rules) {
        return switch (Owner.of(owner, rules)) {
            case NONE -> 0;
            case SESSION, CONTAINER -> owner;
            case TTL -> Owner.TTL_MARK;
        };
    }

    /** How many znodes there are, the root included; Apache reports one more, since it counts the root twice. */
    public long znodeCount() {
        return znodeCount;
    }

    /** How many ephemerals there are. */
    public long ephemeralCount() {
        return ephemeralCount;
    }

    /** The characters of all paths and the bytes of all data, as Apache's metric counts them. */
    public long approximateDataSize() {
        return dataSize;
    }

    /** How many sessions there are. */
    public int sessionCount() {
        return sessions.size();
    }

    /** Every list of ACLs in use, each once and as the very object that the znodes have; the open list is not in it. */
    public List<List<Acl>> acls() {
        var lists = new ArrayList<List<Acl>>(acls.size());
        for (Edit.SharedAcl shared : acls) lists.add(shared.acl);
        return lists;
    }

    /** What {@link #walk} calls. */
    public interface Visitor<X extends Exception> {
        /**
         * Takes one znode.
         *
         * @param path   its full path as UTF-8 in the first {@code length} bytes, valid during this call; the root's is
         *               empty, as in a snapshot
         */
        void znode(byte[] path, int length, Znode node) throws X;
    }

    /** Visits all znodes, each before its children, in an order that depends on the names only. */
    public <X extends Exception> void walk(Visitor<X> visitor) throws X {
        new Walk(root).visit(visitor);
    }

    /** A walk over all znodes, each before its children, in an order that depends on the names only. */
    public Walk walk() {
        return new Walk(root);
    }

    /** The number of znodes below a path, itself not counted. */
    static int countBelow(Znode node) {
        int[] count = {-1};
        new Walk(node).visit((path, length, below) -> count[0]++);
        return count[0];
    }

    /** The number of znodes below this one: takes time in proportion to it. */
    public int descendants(Znode node) {
        return node == root ? Math.toIntExact(znodeCount - 1) : countBelow(node);
    }

    /**
     * Compares all that is replicated: znodes with their stored numbers, sessions, the zxid and the digest.
     *
     * @return what differs first, or null if nothing does; quick where the two share what is equal
     */
    public @Nullable String difference(Database other) {
        return new Difference(this, other).first();
    }

    @Override
    public String toString() {
        return "database at 0x" + Long.toHexString(lastZxid) + ", " + znodeCount + " znodes, " + sessions.size()
                + " sessions";
    }

    /** Equal data, where both null is equal and null and empty are not. */
    static boolean sameData(Znode a, Znode b) {
        return Arrays.equals(a.data(), b.data());
    }
}
