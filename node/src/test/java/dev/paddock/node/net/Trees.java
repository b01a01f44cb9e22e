package dev.paddock.node.net;

import dev.paddock.node.tree.Database;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import java.util.Random;

/** Databases to send. */
final class Trees {
    private Trees() {}

    /** A database with one session and this many znodes of up to {@code dataBytesMax} bytes, some of them in depth. */
    static Database of(int znodes, int dataBytesMax) {
        var random = new Random(znodes);
        Database database = apply(Database.empty(), new Txn.CreateSession(4000));
        String parent = "";
        for (int i = 0; i < znodes; i++) {
            byte[] data = new byte[random.nextInt(dataBytesMax + 1)];
            random.nextBytes(data);
            String path = parent + "/znode" + i;
            database = apply(database, new Txn.Create(path, data, Acl.OPEN_UNSAFE, false, i));
            if (i % 100 == 0) parent = i % 1000 == 0 ? "" : path;
        }
        return database;
    }

    private static Database apply(Database before, Txn txn) {
        long zxid = before.lastZxid() + 1;
        return before.apply(new TxnHeader(7, (int) zxid, zxid, 1000, txn.type()), txn)
                .after();
    }
}
