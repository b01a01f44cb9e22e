package dev.paddock.node.log;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Loader;
import dev.paddock.node.tree.SnapshotContent;
import dev.paddock.node.tree.Znode.Stored;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a snapshot, as {@link SnapshotEncoder} describes it, from pieces cut anywhere. It keeps no more than
 * the one element that is not complete yet, and allocates nothing for bytes that were claimed but have not come. Does
 * no I/O. Owned by one thread at a time.
 */
public final class SnapshotDecoder {
    private static final int MORE = -1;
    private static final int STAT_BYTES = 60;

    /** For nodes whose ACL came into being while Apache wrote the snapshot; the log sets it. */
    private static final List<Acl> NOBODY = List.of(new Acl(0, Id.ANYONE));

    private enum Part {
        SESSION_COUNT,
        SESSION,
        ACL_COUNT,
        ACL,
        NODE,
        DONE
    }

    private final SnapshotContent content;
    private final @Nullable Loader loader; // null where nobody wants a database
    private final int elementBytesMax;
    private final Map<Long, List<Acl>> acls = new HashMap<>(); // looked up, never iterated
    private Part part = Part.SESSION_COUNT;
    private int left; // sessions or ACLs still to come
    private byte[] pending = {};
    private int have; // bytes in pending
    private long offset; // in the body, of the element that comes next
    private long nodes;
    private long danglingAcls;
    private int aclLists;

    /**
     * Starts at the beginning, to make a database.
     *
     * @param loader          takes what is read
     * @param elementBytesMax largest znode or ACL accepted, as it lies in the snapshot
     */
    public SnapshotDecoder(Loader loader, int elementBytesMax) {
        this(loader, loader, elementBytesMax);
    }

    /** Likewise, to look at what comes one by one. */
    SnapshotDecoder(SnapshotContent content, int elementBytesMax) {
        this(content, null, elementBytesMax);
    }

    private SnapshotDecoder(SnapshotContent content, @Nullable Loader loader, int elementBytesMax) {
        this.content = content;
        this.loader = loader;
        this.elementBytesMax = elementBytesMax;
        acls.put(-1L, Acl.OPEN_UNSAFE);
    }

    /**
     * Takes the next bytes, {@code buf[from, to)}.
     *
     * @return how many of them belong to the body: all, until {@link #isDone}
     * @throws WireException if they are no snapshot; the decoder and its loader are of no use afterwards
     */
    public int feed(byte[] buf, int from, int to) {
        try {
            if (have == 0) {
                int end = parse(buf, from, to);
                keep(buf, end, isDone() ? end : to);
                return isDone() ? end - from : to - from;
            }
            keep(buf, from, to);
            int end = parse(pending, 0, have);
            int rest = have - end;
            System.arraycopy(pending, end, pending, 0, rest);
            have = isDone() ? 0 : rest;
            return isDone() ? to - from - rest : to - from;
        } catch (IllegalArgumentException e) {
            throw new WireException(e.getMessage()); // the loader found no place for a znode
        }
    }

    /** Whether the end of the body has come. */
    public boolean isDone() {
        return part == Part.DONE;
    }

    /** Where in the body the element starts that comes next; after a failure, the one at fault. */
    long offset() {
        return offset;
    }

    /** How many lists of ACLs the body says that it holds; the open list is in none. */
    int aclLists() {
        return aclLists;
    }

    /** How many znodes have come. */
    public long nodes() {
        return nodes;
    }

    /** How many znodes had an ACL that the snapshot does not hold; nobody may do anything with them until the log says more. */
    public long danglingAcls() {
        return danglingAcls;
    }

    /**
     * What was read.
     *
     * @param lastZxid the zxid up to which all is in it
     */
    public Database database(long lastZxid) {
        if (!isDone() || loader == null) {
            throw new IllegalStateException("the snapshot is not complete");
        }
        try {
            return loader.build(lastZxid);
        } catch (IllegalArgumentException e) {
            throw new WireException(e.getMessage());
        }
    }

    private void keep(byte[] buf, int from, int to) {
        int more = to - from;
        if (have + more > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(have + more, Math.min(2 * pending.length, 1 << 24)));
        }
        System.arraycopy(buf, from, pending, have, more);
        have += more;
    }

    /** Takes all whole elements, and gives the offset of the first that is not. */
    private int parse(byte[] buf, int from, int to) {
        int at = from;
        while (part != Part.DONE) {
            int bytes = element(buf, at, to);
            if (bytes == MORE) {
                if (to - at > elementBytesMax) {
                    throw new WireException("snapshot: an element of more than " + elementBytesMax + " bytes");
                }
                return at;
            }
            at += bytes;
            offset += bytes;
        }
        return at;
    }

    /** Takes one element, and says how many bytes it had; {@link #MORE} if it is not whole. */
    private int element(byte[] buf, int at, int to) {
        return switch (part) {
            case SESSION_COUNT -> count(buf, at, to, Part.SESSION, Part.ACL_COUNT);
            case SESSION -> session(buf, at, to);
            case ACL_COUNT -> count(buf, at, to, Part.ACL, Part.NODE);
            case ACL -> acl(buf, at, to);
            case NODE -> node(buf, at, to);
            case DONE -> throw new IllegalStateException("the snapshot is complete");
        };
    }

    private int count(byte[] buf, int at, int to, Part elements, Part after) {
        if (to - at < 4) {
            return MORE;
        }
        left = new Reader(buf, at, to).readInt();
        if (left < 0) {
            throw new WireException("snapshot: a count of " + left);
        }
        if (elements == Part.ACL) aclLists = left;
        part = left > 0 ? elements : after;
        return 4;
    }

    private void counted(Part after) {
        if (--left == 0) {
            part = after;
        }
    }

    private int session(byte[] buf, int at, int to) {
        if (to - at < 12) {
            return MORE;
        }
        Reader reader = new Reader(buf, at, to);
        content.session(reader.readLong(), reader.readInt());
        counted(Part.ACL_COUNT);
        return 12;
    }

    private int acl(byte[] buf, int at, int to) {
        int bytes = aclBytes(buf, at, to);
        if (bytes == MORE) {
            return MORE;
        }
        Reader reader = new Reader(buf, at, at + bytes);
        long id = reader.readLong();
        List<Acl> list = Acl.readList(reader);
        acls.put(id, list == null ? List.of() : list);
        counted(Part.NODE);
        return bytes;
    }

    private int aclBytes(byte[] buf, int at, int to) {
        if (to - at < 12) {
            return MORE;
        }
        int entries = new Reader(buf, at + 8, to).readInt();
        int end = at + 12;
        for (int i = 0; i < entries; i++) {
            end += 4; // perms
            for (int string = 0; string < 2; string++) {
                int length = length(buf, end, to);
                if (length == MORE) {
                    return MORE;
                }
                end += length;
            }
        }
        return end - at;
    }

    /** How many bytes a string or buffer takes, its length included; {@link #MORE} if it is not whole. */
    private int length(byte[] buf, int at, int to) {
        if (to - at < 4) {
            return MORE;
        }
        int length = new Reader(buf, at, to).readInt();
        if (length < -1 || length > elementBytesMax) {
            throw new WireException("snapshot: a length of " + length);
        }
        int bytes = 4 + Math.max(0, length);
        return to - at < bytes ? MORE : bytes;
    }

    private int node(byte[] buf, int at, int to) {
        int path = length(buf, at, to);
        if (path == MORE) {
            return MORE;
        }
        if (path == 5 && buf[at + 4] == '/') {
            part = Part.DONE;
            return path;
        }
        int data = length(buf, at + path, to);
        if (data == MORE || to - at < path + data + 8 + STAT_BYTES) {
            return MORE;
        }
        Reader reader = new Reader(buf, at + path, to);
        byte[] bytes = reader.readBuffer();
        List<Acl> acl = acl(reader.readLong());
        content.znode(buf, at + 4, at + path, bytes, acl, stored(reader));
        nodes++;
        return path + data + 8 + STAT_BYTES;
    }

    private List<Acl> acl(long id) {
        List<Acl> list = acls.get(id);
        if (list == null) {
            danglingAcls++;
            return NOBODY;
        }
        return list;
    }

    private static Stored stored(Reader reader) {
        return new Stored(
                reader.readLong(),
                reader.readLong(),
                reader.readLong(),
                reader.readLong(),
                reader.readInt(),
                reader.readInt(),
                reader.readInt(),
                reader.readLong(),
                reader.readLong());
    }
}
