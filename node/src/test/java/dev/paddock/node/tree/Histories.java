package dev.paddock.node.tree;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random histories over few paths and sessions, so that things meet: legal transactions and such as only replay brings. */
public final class Histories {
    private static final List<List<Acl>> ACLS = List.of(
            Acl.OPEN_UNSAFE,
            Acl.READ_UNSAFE,
            List.of(new Acl(31, new Id("digest", "bob:x")), new Acl(1, Id.ANYONE)),
            List.of(new Acl(3, new Id("ip", "10.0.0.0/8"))));

    private final SplittableRandom random;
    private long zxid;

    public Histories(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The next transaction, which may or may not fit the database. */
    public TxnRecord next(Database database) {
        zxid++;
        return record(zxid, txn(database));
    }

    private TxnRecord record(long at, Txn txn) {
        return new TxnRecord(new TxnHeader(session(), (int) at, at, 1_000_000 + at * 7, txn.type()), txn);
    }

    public long session() {
        return 0x100L + random.nextInt(4);
    }

    public String path() {
        var path = new StringBuilder();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) path.append('/').append(name());
        return path.toString();
    }

    private String name() {
        return switch (random.nextInt(12)) {
            case 0 -> "ä€𝄞";
            case 1 -> "a-name-of-more-than-eight-bytes";
            default -> String.valueOf((char) ('a' + random.nextInt(3)));
        };
    }

    private Txn txn(Database database) {
        return switch (random.nextInt(20)) {
            case 0 -> new Txn.CreateSession(4000 + random.nextInt(3));
            case 1 -> new Txn.CloseSession(random.nextBoolean() ? null : paths(database));
            case 2, 3 -> new Txn.SetAcl(path(), acl(), random.nextInt(5));
            case 4, 5 -> multi(database);
            default -> alone(sub(database));
        };
    }

    /** A check stands in a multi only. */
    private static Txn alone(Txn.Sub txn) {
        return txn instanceof Txn.Check ? new Txn.Error(-6) : txn;
    }

    private List<String> paths(Database database) {
        var paths = new ArrayList<>(database.ephemeralsOf(session()));
        for (int i = random.nextInt(3); i > 0; i--) paths.add(childless(database));
        paths.removeIf(path -> hasChildren(database, path));
        return paths;
    }

    private Txn multi(Database database) {
        var subs = new ArrayList<Txn.Sub>();
        Database scratch = database;
        for (int i = random.nextInt(5); i >= 0; i--) {
            Txn.Sub sub = random.nextInt(15) == 0 ? new Txn.Error(-103) : sub(scratch);
            subs.add(sub);
            scratch = scratch.apply(new TxnHeader(session(), 0, zxid, 0, sub.type()), sub)
                    .after();
        }
        return new Txn.Multi(subs);
    }

    private Txn.Sub sub(Database database) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> new Txn.Create(fertile(database), data(), acl(), random.nextInt(3) == 0, cversion());
            case 3 -> new Txn.Create2(fertile(database), data(), acl(), random.nextInt(3) == 0, cversion());
            case 4 -> new Txn.CreateContainer(fertile(database), data(), acl(), cversion());
            case 5, 6 -> new Txn.SetData(path(), data(), random.nextInt(10));
            case 7 -> new Txn.Check(path(), random.nextInt(10));
            case 8 -> new Txn.DeleteContainer(childless(database));
            default -> new Txn.Delete(childless(database));
        };
    }

    /** Apache's tree keeps what lies below a znode that is deleted: no judge for that. */
    private String childless(Database database) {
        String path = path();
        return hasChildren(database, path) ? "/nothing/there" : path;
    }

    /** A path whose parent is no ephemeral: these have no children. */
    private String fertile(Database database) {
        String path = path();
        Znode parent = database.find(path.substring(0, path.lastIndexOf('/')));
        return parent != null && parent.ephemeralOwner() > 0 ? "/nothing/there" : path;
    }

    /** Whether a transaction deletes a znode that has children now. */
    static boolean deletesParent(Database database, Txn txn) {
        return switch (txn) {
            case Txn.Delete(var path) -> hasChildren(database, path);
            case Txn.DeleteContainer(var path) -> hasChildren(database, path);
            case Txn.CloseSession(var paths) -> true;
            case Txn.Multi(var subs) -> true;
            default -> false;
        };
    }

    private static boolean hasChildren(Database database, String path) {
        Znode node = database.find(path);
        return node != null && node.childCount() > 0;
    }

    private List<Acl> acl() {
        return ACLS.get(random.nextInt(ACLS.size()));
    }

    private int cversion() {
        return random.nextInt(-1, 6);
    }

    private byte[] data() {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> new byte[0];
            default -> ("data " + random.nextInt(1000)).getBytes(StandardCharsets.UTF_8);
        };
    }
}
