package dev.paddock.node.log;

import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;

/**
 * The life of a server's storage with everything in it that writes, always the same for a seed: epochs, batches of many sizes,
 * log files that end and begin, snapshots while the log goes on, purging, cuts and snapshots by order of a leader, restarts.
 */
final class CrashRun {
    private static final int ZNODES = 16;
    private static final int DATA_BYTES = 1_000;
    private static final Recovery.Limits LIMITS = new Recovery.Limits(30, 1 << 20, false, TreeRules.DEFAULT);

    final CrashingFolder disk = new CrashingFolder();
    final Acknowledged acknowledged = new Acknowledged();
    private final FileTxnLog.Settings settings;
    private final Runnable boundary; // told before each step of the disk, and when all is over
    private final Random random;
    private Storage storage;
    private long epoch;
    private long counter;
    private boolean isAside; // the snapshot thread is at work; the log thread goes on between its steps
    private boolean isBetween;

    /** @param preAllocBytes size of log files that are made ahead; 0 lets them grow */
    CrashRun(long seed, long preAllocBytes, Runnable boundary) {
        this.settings = new FileTxnLog.Settings(preAllocBytes, 0, true);
        this.random = new Random(seed);
        this.boundary = boundary;
        this.storage = openOver(disk);
        disk.beforeEach(kind -> step());
    }

    /** A storage as this one's over another folder. */
    Storage openOver(Folder folder) {
        return new Storage(folder, folder, folder, settings, LIMITS, Records.AT_ONCE);
    }

    /** Lives through so many terms of leaders. */
    void live(int terms) throws IOException {
        storage.recover(Records.SILENT);
        for (int term = 0; term < terms; term++) {
            promise();
            switch (term % 4) {
                case 1 -> cut();
                case 3 -> install(term % 8 == 7);
                default -> {}
            }
            enter();
            write(3 + random.nextInt(4));
            aside(() -> storage.snapshots().write(acknowledged.head()));
            write(2);
            aside(() -> storage.purge(2));
            if (term % 2 == 0) restart();
        }
        boundary.run();
    }

    private void step() {
        boundary.run();
        if (!isAside || isBetween) return;
        isBetween = true;
        try {
            write(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        isBetween = false;
        boundary.run();
    }

    private interface Work {
        void run() throws IOException;
    }

    private void aside(Work work) throws IOException {
        storage.log().roll();
        isAside = true;
        work.run();
        isAside = false;
    }

    private void promise() throws IOException {
        epoch++;
        acknowledged.accepting(epoch);
        storage.epochs().storeAccepted(epoch);
        acknowledged.accepted();
    }

    private void enter() throws IOException {
        counter = 0;
        acknowledged.entering(epoch);
        storage.storeCurrentEpoch(epoch);
        acknowledged.entered();
    }

    private void write(int batches) throws IOException {
        for (int i = 0; i < batches; i++) {
            int records = 1 + random.nextInt(6);
            for (int j = 0; j < records; j++) append(next(Zxid.of(epoch, ++counter)));
            storage.log().force();
            acknowledged.forced();
            if (random.nextInt(5) == 0) storage.log().roll();
        }
    }

    private void append(TxnRecord record) throws IOException {
        acknowledged.appending(acknowledged.head().apply(record).after());
        storage.log().append(record.toBytes(), record.header().zxid());
    }

    /** One of a few znodes comes, goes, or gets data of up to some sectors, so that what is checked stays small. */
    private TxnRecord next(long zxid) {
        String path = "/n" + random.nextInt(ZNODES);
        byte[] data = new byte[random.nextInt(DATA_BYTES)];
        random.nextBytes(data);
        Txn txn = switch (random.nextInt(4)) {
            case 0 -> new Txn.Delete(path);
            case 1, 2 -> new Txn.Create(path, data, Acl.OPEN_UNSAFE, false, (int) zxid);
            default -> new Txn.SetData(path, data, (int) zxid);
        };
        return new TxnRecord(new TxnHeader(0x77, 5, zxid, 1_000_000 + zxid, txn.type()), txn);
    }

    /** As {@code server.DiskThread} does. */
    private void cut() throws IOException {
        long zxid = acknowledged.since(storage.snapshots().zxids().getLast());
        if (!storage.canTruncateTo(zxid)) throw new IllegalStateException("cannot be cut");
        acknowledged.cutting(zxid);
        storage.log().truncate(zxid);
        storage.recover(Records.SILENT);
        acknowledged.cut();
    }

    /** Of a leader that has more than we, or of one that lacks what a lost leader gave us. */
    private void install(boolean isEarlier) throws IOException {
        Database theirs = isEarlier ? acknowledged.oldest() : acknowledged.head();
        for (int i = 0; i < 5; i++)
            theirs = theirs.apply(next(theirs.lastZxid() + 1)).after();
        acknowledged.installing(theirs);
        storage.install(theirs);
        acknowledged.installed();
    }

    private void restart() throws IOException {
        storage.close();
        storage = openOver(disk);
        storage.recover(Records.SILENT);
    }
}
