package dev.paddock.node.server;

import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Metric.Basic;
import dev.paddock.node.meter.Metric.Counter;
import dev.paddock.node.meter.Summary;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts what the threads of the log and of the snapshots do, under Apache ZooKeeper 3.9's keys. From any thread: its lock
 * is taken once for each force, which takes ten thousand times as long.
 */
final class DiskMeter {
    private final Summary forceMillis = Summary.basic();
    private final Summary batchTxns = Summary.basic();
    private final Summary snapshotMillis = Summary.basic();
    private final Summary startMillis = Summary.basic();
    private long slowForces;
    private long snapshotFailures;
    private long damages;

    synchronized void forced(long nanos, int txns, boolean isSlow) {
        forceMillis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
        batchTxns.add(txns);
        if (isSlow) slowForces++;
    }

    synchronized void wroteSnapshot(long millis) {
        snapshotMillis.add(millis);
    }

    synchronized void snapshotFailed() {
        snapshotFailures++;
    }

    /** A start found that a file is damaged, or that what was acknowledged is missing. */
    synchronized void foundDamage() {
        damages++;
    }

    /** All was read back. */
    synchronized void recovered(long nanos) {
        startMillis.add(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    synchronized List<Metric> metrics() {
        return List.of(
                new Basic("fsynctime", forceMillis.read()),
                new Basic("sync_processor_batch_size", batchTxns.read()),
                new Basic("snapshottime", snapshotMillis.read()),
                new Basic("dbinittime", startMillis.read()),
                new Counter("snapshot_error_count", snapshotFailures),
                new Counter("disk_damage_found_count", damages));
    }

    synchronized long slowForces() {
        return slowForces;
    }

    synchronized void reset() {
        forceMillis.reset();
        batchTxns.reset();
        snapshotMillis.reset();
        startMillis.reset();
        slowForces = 0;
        snapshotFailures = 0;
        damages = 0;
    }
}
