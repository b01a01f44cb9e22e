package dev.paddock.node.log;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Walk;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Writer;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The body of a snapshot, piece by piece: what a snapshot file holds between header and seal, and what a leader sends
 * after its SNAP packet. Big-endian, as Apache ZooKeeper's {@code SerializeUtils.serializeSnapshot} writes it: i32 n and n
 * × (i64 session, i32 timeout); i32 n and n × (i64 id, ACL vector); each znode before its children as path, data, i64 ACL
 * id (-1 is the open list), czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, pzxid; the path "/".
 *
 * <p>Does no I/O and holds no more than one piece. The database stays as it is for as long as this takes, whatever is
 * committed meanwhile. Owned by one thread at a time.
 */
public final class SnapshotEncoder implements Iterator<byte[]> {

    private static final long OPEN_ACL = -1;

    private final int pieceBytes;
    private final Writer out;
    private final Walk walk;
    private final IdentityHashMap<List<Acl>, Long> aclIds = new IdentityHashMap<>();
    private boolean started;
    private boolean finished;
    private final Database database;

    /**
     * Starts at the beginning.
     *
     * @param pieceBytes how large a piece is at least, but for the last; sessions and ACLs come in one piece, and a znode is
     *                   never split
     */
    public SnapshotEncoder(Database database, int pieceBytes) {
        this.database = database;
        this.pieceBytes = pieceBytes;
        this.out = new Writer(pieceBytes + 4096);
        this.walk = database.walk();
        aclIds.put(Acl.OPEN_UNSAFE, OPEN_ACL);
    }

    @Override
    public boolean hasNext() {
        return !finished;
    }

    @Override
    public byte[] next() {
        if (finished) {
            throw new NoSuchElementException("the snapshot is complete");
        }
        out.clear();
        if (!started) {
            started = true;
            sessions();
            acls();
        }
        while (out.length() < pieceBytes && !finished) {
            if (walk.next()) {
                node(walk.path(), walk.pathLength(), walk.node());
            } else {
                out.writeString("/");
                finished = true;
            }
        }
        return out.toByteArray();
    }

    private void sessions() {
        out.writeInt(database.sessionCount());
        database.forEachSession((sessionId, timeoutMillis) -> {
            out.writeLong(sessionId);
            out.writeInt(timeoutMillis);
        });
    }

    private void acls() {
        List<List<Acl>> lists = database.acls();
        out.writeInt(lists.size());
        for (List<Acl> list : lists) {
            long id = aclIds.size(); // from 1, since the open list is there already
            aclIds.put(list, id);
            out.writeLong(id);
            Acl.writeList(out, list);
        }
    }

    private void node(byte[] path, int length, Znode node) {
        out.writeInt(length);
        out.raw(path, 0, length);
        out.writeBuffer(node.data());
        out.writeLong(aclId(node));
        out.writeLong(node.czxid());
        out.writeLong(node.mzxid());
        out.writeLong(node.ctime());
        out.writeLong(node.mtime());
        out.writeInt(node.version());
        out.writeInt(node.cversion());
        out.writeInt(node.aversion());
        out.writeLong(node.ephemeralOwner());
        out.writeLong(node.pzxid());
    }

    private long aclId(Znode node) {
        Long id = aclIds.get(node.acl());
        if (id == null) {
            throw new IllegalStateException("an ACL that the database does not list, at " + node);
        }
        return id;
    }
}
