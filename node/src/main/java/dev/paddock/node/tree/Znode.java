package dev.paddock.node.tree;

import dev.paddock.wire.Acl;
import dev.paddock.wire.NameOrder;
import dev.paddock.wire.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One znode as it is at one moment: immutable. It knows its name, not its path. 88 bytes with compact object headers,
 * and its name, its data and, if it has children, their trie; the ACL is shared by all znodes with an equal one.
 *
 * <p>The fields are those of Apache ZooKeeper's {@code StatPersisted}, so {@link #cversion} counts creates only; what a
 * client is shown is made by {@link Database#stat}.
 */
public final class Znode extends Keyed {
    private static final byte[] NO_DATA = {};

    private final byte @Nullable [] data;
    private final KeyedTrie<Znode> children;
    private final List<Acl> acl;
    private final long czxid;
    private final long mzxid;
    private final long ctime;
    private final long mtime;
    private final long ephemeralOwner;
    private final long pzxid;
    private final int version;
    private final int cversion;
    private final int aversion;

    /** The stored numbers of a znode, as they lie in a snapshot. */
    public record Stored(
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long ephemeralOwner,
            long pzxid) {

        /** Of a znode just created. */
        static Stored created(long zxid, long timeMillis, long ephemeralOwner) {
            return new Stored(zxid, zxid, timeMillis, timeMillis, 0, 0, 0, ephemeralOwner, zxid);
        }
    }

    Znode(byte[] name, byte @Nullable [] data, List<Acl> acl, Stored stored, KeyedTrie<Znode> children) {
        super(name);
        this.data = compact(data);
        this.children = children;
        this.acl = acl;
        this.czxid = stored.czxid;
        this.mzxid = stored.mzxid;
        this.ctime = stored.ctime;
        this.mtime = stored.mtime;
        this.version = stored.version;
        this.cversion = stored.cversion;
        this.aversion = stored.aversion;
        this.ephemeralOwner = stored.ephemeralOwner;
        this.pzxid = stored.pzxid;
    }

    /** Another version of a znode: what the arguments say, the rest as it was. */
    private Znode(Znode old, KeyedTrie<Znode> children, int cversion, long pzxid) {
        super(old.key, old.hash);
        this.data = old.data;
        this.children = children;
        this.acl = old.acl;
        this.czxid = old.czxid;
        this.mzxid = old.mzxid;
        this.ctime = old.ctime;
        this.mtime = old.mtime;
        this.version = old.version;
        this.cversion = cversion;
        this.aversion = old.aversion;
        this.ephemeralOwner = old.ephemeralOwner;
        this.pzxid = pzxid;
    }

    private Znode(Znode old, byte @Nullable [] data, int version, long mzxid, long mtime, List<Acl> acl, int aversion) {
        super(old.key, old.hash);
        this.data = compact(data);
        this.children = old.children;
        this.acl = acl;
        this.czxid = old.czxid;
        this.mzxid = mzxid;
        this.ctime = old.ctime;
        this.mtime = mtime;
        this.version = version;
        this.cversion = old.cversion;
        this.aversion = aversion;
        this.ephemeralOwner = old.ephemeralOwner;
        this.pzxid = old.pzxid;
    }

    private static byte @Nullable [] compact(byte @Nullable [] data) {
        return data != null && data.length == 0 ? NO_DATA : data;
    }

    Znode withChild(Znode child) {
        return new Znode(this, children.with(child), cversion, pzxid);
    }

    /** With its children and what they count replaced. */
    Znode withChildren(KeyedTrie<Znode> newChildren, int newCversion, long newPzxid) {
        return new Znode(this, newChildren, newCversion, newPzxid);
    }

    Znode withData(byte @Nullable [] newData, int newVersion, long zxid, long timeMillis) {
        return new Znode(this, newData, newVersion, zxid, timeMillis, acl, aversion);
    }

    Znode withAcl(List<Acl> newAcl, int newAversion) {
        return new Znode(this, data, version, mzxid, mtime, newAcl, newAversion);
    }

    KeyedTrie<Znode> children() {
        return children;
    }

    @Nullable
    Znode child(byte[] buf, int from, int to) {
        return children.get(buf, from, to);
    }

    /** The last part of its path; empty for the root. */
    public String name() {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** How many bytes of UTF-8 its name has. */
    public int nameLength() {
        return key.length;
    }

    /** The data, which must not be changed; null if it was created so, which differs from empty. */
    public byte @Nullable [] data() {
        return data;
    }

    /** Whether it has the very array of data that another has. */
    @SuppressWarnings("ReferenceEquality") // the question is whether a checksum of one is that of the other
    boolean hasDataOf(Znode other) {
        return data == other.data;
    }

    /** Bytes of data; 0 if it is null. */
    public int dataLength() {
        return data == null ? 0 : data.length;
    }

    /** Who may do what; shared, so equal lists of one database are the same object. */
    public List<Acl> acl() {
        return acl;
    }

    /** Zxid that created it. */
    public long czxid() {
        return czxid;
    }

    /** Zxid that last set its data. */
    public long mzxid() {
        return mzxid;
    }

    /** When it was created, in milliseconds since 1970. */
    public long ctime() {
        return ctime;
    }

    /** When its data was last set, in milliseconds since 1970. */
    public long mtime() {
        return mtime;
    }

    /** How often its data was set. */
    public int version() {
        return version;
    }

    /** How many children were ever created; sequential names come from it. */
    public int cversion() {
        return cversion;
    }

    /** How often its ACL was set. */
    public int aversion() {
        return aversion;
    }

    /** Session that owns it, or what {@link Owner} makes of containers and TTLs; 0 if it is persistent. */
    public long ephemeralOwner() {
        return ephemeralOwner;
    }

    /** Zxid that last created or deleted a child. */
    public long pzxid() {
        return pzxid;
    }

    /** The stored numbers together. */
    public Stored stored() {
        return new Stored(czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, pzxid);
    }

    /** How many children it has now. */
    public int childCount() {
        return children.size();
    }

    /** The names of its children, in the order of {@link NameOrder}. */
    public List<String> childNames() {
        var names = new ArrayList<String>(children.size());
        for (Znode child : children) names.add(child.name());
        return names;
    }

    /**
     * Its children in the order of {@link NameOrder}, from behind a name on.
     *
     * @param name as UTF-8; it need not be a child's, and empty is before all
     */
    public Iterator<Znode> childrenAfter(byte[] name) {
        return name.length == 0 ? children.iterator() : children.after(hash(name, 0, name.length), name);
    }

    /** Whether its name begins with these bytes of UTF-8. */
    public boolean isNamedLike(byte[] prefix) {
        return prefix.length <= key.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Writes its name. */
    public void writeName(Writer w) {
        w.writeBuffer(key);
    }

    /** Writes the names of its children as a vector of strings, in the order of {@link #childNames}. */
    public void writeChildNames(Writer w) {
        w.writeInt(children.size());
        for (Znode child : children) w.writeBuffer(child.key);
    }

    @Override
    public String toString() {
        return "znode " + name() + " czxid=" + czxid;
    }
}
