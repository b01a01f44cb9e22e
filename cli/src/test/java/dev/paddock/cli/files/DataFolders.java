package dev.paddock.cli.files;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.log.RecoveryProgress;
import dev.paddock.node.log.Storage;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnDigest;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Data folders written by what a server writes them with. */
final class DataFolders {
    static final long SESSION = 0x100000a0b0c0001L;
    static final long TIME = 1_760_000_000_000L;

    private static final RecoveryProgress SILENT = new RecoveryProgress() {
        @Override
        public void reading(String snapshot, long bytes) {}

        @Override
        public void replayed(long records, long zxid) {}
    };

    private DataFolders() {}

    /** One transaction of each kind, at zxid 1 to 12. */
    static List<Txn> everyKind() {
        List<Acl> acl = List.of(new Acl(31, new Id("digest", "bob:x")), new Acl(1, Id.ANYONE));
        byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
        return List.of(
                new Txn.CreateSession(4000),
                new Txn.Create("/app", hello, Acl.OPEN_UNSAFE, false, 1),
                new Txn.Create2("/app/here", new byte[] {0, -1}, acl, true, 1),
                new Txn.CreateContainer("/box", null, Acl.OPEN_UNSAFE, 2),
                new Txn.CreateTtl("/soon", new byte[0], Acl.OPEN_UNSAFE, 3, 60_000),
                new Txn.SetData("/app", "bye".getBytes(StandardCharsets.UTF_8), 1),
                new Txn.Multi(List.of(
                        new Txn.Create("/app/a\nb", hello, Acl.OPEN_UNSAFE, false, 2),
                        new Txn.Check("/app", 1),
                        new Txn.Delete("/app/here"))),
                new Txn.Error(-110),
                new Txn.SetAcl("/app", acl, 1),
                new Txn.DeleteContainer("/box"),
                new Txn.Create("/ä", "grün".getBytes(StandardCharsets.UTF_8), Acl.OPEN_UNSAFE, false, 4),
                new Txn.CloseSession(List.of()));
    }

    /**
     * Writes the transactions to the log, and snapshots of some zxids, each of which begins another log file.
     *
     * @return the state after them
     */
    static Database write(Path dataDir, List<Txn> txns, Long... snapshots) throws IOException {
        var config = new NodeConfig.Storage(dataDir, dataDir, 1000, 1 << 16, 3, 0, false, NodeConfig.Log.DEFAULT);
        try (Storage storage = Storage.open(config, TreeRules.EXTENDED, Runnable::run)) {
            Database database = storage.recover(SILENT).database();
            for (Txn txn : txns) {
                TxnRecord record = record(database, txn);
                storage.log().append(record.toBytes(), record.header().zxid());
                database = database.apply(record).after();
                if (List.of(snapshots).contains(database.lastZxid())) {
                    storage.log().roll();
                    storage.snapshots().write(database);
                }
            }
            storage.log().force();
            return database;
        }
    }

    private static TxnRecord record(Database before, Txn txn) {
        long zxid = before.lastZxid() + 1;
        var header = new TxnHeader(SESSION, (int) zxid, zxid, TIME + zxid, txn.type());
        long digest = before.apply(header, txn).after().digest();
        return new TxnRecord(header, txn, Optional.of(new TxnDigest(TxnDigest.VERSION, digest)));
    }

    /** Creates {@code /n1} to {@code /n<count>}. */
    static List<Txn> creates(int count) {
        List<Txn> txns = new ArrayList<>();
        for (int i = 1; i <= count; i++) txns.add(new Txn.Create("/n" + i, new byte[i], Acl.OPEN_UNSAFE, false, i));
        return txns;
    }

    static Path file(Path dataDir, String name) {
        return dataDir.resolve("version-2").resolve(name);
    }
}
