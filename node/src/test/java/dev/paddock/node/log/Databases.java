package dev.paddock.node.log;

import dev.paddock.node.tree.Database;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes histories for tests: sessions, znodes of all kinds, ACLs, data null and empty and long. */
final class Databases {
    private static final long SESSION = 0x100000000000001L;

    private Databases() {}

    /** A history of so many txns from zxid 1 on, always the same for a seed. */
    static List<TxnRecord> history(long seed, int txns) {
        Random random = new Random(seed);
        List<TxnRecord> history = new ArrayList<>();
        List<String> paths = new ArrayList<>(List.of(""));
        for (long zxid = 1; zxid <= txns; zxid++) {
            Txn txn = zxid == 1 ? new Txn.CreateSession(4000) : next(random, zxid, paths);
            history.add(new TxnRecord(new TxnHeader(SESSION, (int) zxid, zxid, 1_000_000 + zxid, txn.type()), txn));
        }
        return history;
    }

    static Database after(Database start, List<TxnRecord> history) {
        Database database = start;
        for (TxnRecord record : history) {
            database = database.apply(record).after();
        }
        return database;
    }

    static Database some(long seed, int txns) {
        return after(Database.empty(), history(seed, txns));
    }

    private static Txn next(Random random, long zxid, List<String> paths) {
        String some = paths.get(random.nextInt(paths.size()));
        boolean leaf = some.endsWith("e");
        return switch (some.isEmpty() ? 0 : random.nextInt(leaf ? 3 : 0, 6)) {
            case 0, 1, 2 -> {
                boolean ephemeral = random.nextInt(5) == 0; // listed too, but without children, for its name ends in e
                String path = some + "/" + (random.nextBoolean() ? "n" : "ä€") + zxid + (ephemeral ? "e" : "");
                paths.add(path);
                yield new Txn.Create(path, data(random), acl(random), ephemeral, (int) zxid);
            }
            case 3 -> new Txn.SetData(some, data(random), (int) zxid);
            case 4 -> new Txn.SetAcl(some, acl(random), (int) zxid);
            default -> {
                if (paths.stream().anyMatch(path -> path.startsWith(some + "/"))) {
                    yield new Txn.Error(-111);
                }
                paths.remove(some);
                yield new Txn.Delete(some);
            }
        };
    }

    private static byte[] data(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> new byte[random.nextInt(3000)];
            default -> "value".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        };
    }

    private static List<Acl> acl(Random random) {
        int kind = random.nextInt(4);
        return kind < 2
                ? Acl.OPEN_UNSAFE
                : List.of(
                        new Acl(Perms.ALL, new Id("digest", "user" + random.nextInt(5) + ":x=")),
                        new Acl(1, Id.ANYONE));
    }
}
