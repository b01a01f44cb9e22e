package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.log.DamagedFileException;
import dev.paddock.node.log.LogRecord;
import dev.paddock.node.log.Records;
import dev.paddock.node.log.Storage;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Proposal;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories as in {@link MuseumTest}, of files that are not what was written, with the production storage below. */
class StorageMuseumTest {
    private static final int LENGTH_AT = 8; // in a record, after its checksum
    private static final int PATH_AT = 12 + 32 + 4 + 1; // after frame, header, and the length and slash of the path

    private final Script story = new Script(3);
    private final StoredDisk damaged = new StoredDisk();

    /** Servers 1 and 3 have all of it, server 2 half; all are down. */
    private void begin() {
        damaged.isHealedByOthers = false;
        story.server(1).disk = new StoredDisk();
        story.server(2).disk = new StoredDisk();
        story.server(3).disk = damaged;
        story.sim.oracle.watchesDisks = false;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2);
        story.write(3, "a", 30);
        story.run(50);
        story.crash(2);
        story.write(3, "b", 30);
        story.run(50);
        story.crash(1, 3);
    }

    /** What was damaged does not start; without it nothing is lost, and emptied by a person it comes back. */
    private void theOthersHaveAll() {
        story.boot(2, 3);
        story.run(3_000);
        assertThat(story.server(3).isUp()).isFalse();
        assertThat(story.server(3).refusal)
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("log.");
        story.boot(1);
        story.awaitServing(1, 2);
        assertThat(story.has(2, "/b29")).isTrue();
        story.server(3).disk = new StoredDisk();
        story.awaitServing(3);
        assertThat(story.has(3, "/b29")).isTrue();
        story.calm();
    }

    private void isFound(String how) {
        story.boot(2, 3);
        assertThatThrownBy(() -> {
                    story.awaitAnyLeader();
                    story.boot(1);
                    story.calm();
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(how);
    }

    /** A server that takes whatever its log seems to hold. */
    private static SimDisk credulous(StoredDisk stored) throws IOException {
        SimDisk disk = new SimDisk();
        for (LogRecord record : Records.believed(stored.folder)) {
            disk.persist(new Effect.Append(new Proposal(record.zxid(), record.payload())));
        }
        return disk;
    }

    private long zxidOf(String path) throws IOException {
        damaged.open();
        return damaged.database().stat(damaged.database().find(path)).czxid();
    }

    // M2, seen on Apache ZooKeeper 3.9.5: a length of zero in the middle of the log counts as its end.

    @Test
    void m2AZeroedLengthIsNotTheEnd() throws IOException {
        begin();
        zeroLength();
        theOthersHaveAll();
    }

    @Test
    void m2IsFoundWhereItIsTakenForTheEnd() throws IOException {
        begin();
        zeroLength();
        story.server(3).disk = credulous(damaged);
        isFound("leads without what was shown to clients before");
    }

    private void zeroLength() throws IOException {
        long zxid = zxidOf("/b0");
        int length = Records.believed(damaged.folder).stream()
                .filter(record -> record.zxid() == zxid)
                .findFirst()
                .orElseThrow()
                .payload()
                .length;
        assertThat(length).isLessThan(256);
        Records.damage(damaged.folder, zxid, LENGTH_AT + 3, length, false);
    }

    // M3, seen on Apache ZooKeeper 3.9.5: one bit of an acknowledged record has changed.

    @Test
    void m3AFlippedBitIsNotBelieved() throws IOException {
        begin();
        Records.damage(damaged.folder, zxidOf("/b5"), PATH_AT, 1, false);
        theOthersHaveAll();
    }

    @Test
    void m3AnotherRecordWhoseChecksumFitsIsNotBelieved() throws IOException {
        begin();
        Records.damage(damaged.folder, zxidOf("/b5"), PATH_AT, 1, true);
        theOthersHaveAll();
    }

    @Test
    void m3IsFoundWhereNoChecksumIsLookedAt() throws IOException {
        begin();
        Records.damage(damaged.folder, zxidOf("/b5"), PATH_AT, 1, true);
        damaged.folder.lose("forced"); // what its records came to is not looked at either
        isFound("differs at");
    }

    // M4: a log file from the middle is gone.

    @Test
    void m4AMissingFileIsMissed() throws IOException {
        begin();
        loseAFile();
        theOthersHaveAll();
    }

    @Test
    void m4IsFoundWhereTheGapIsSkipped() throws IOException {
        begin();
        loseAFile();
        story.server(3).disk = credulous(damaged);
        isFound("differs at");
    }

    private void loseAFile() throws IOException {
        writeAnEpoch("c");
        writeAnEpoch("d");
        damaged.folder.delete(logs().get(1));
    }

    /** In another file, for each start begins one. */
    private void writeAnEpoch(String prefix) {
        story.boot(1, 3);
        story.awaitServing(1, 3);
        story.write(3, prefix, 5);
        story.run(50);
        story.crash(1, 3);
    }

    private List<String> logs() {
        List<String> logs = damaged.folder.names().stream()
                .filter(name -> name.startsWith("log."))
                .toList();
        assertThat(logs).hasSizeGreaterThan(2);
        return logs;
    }

    /** Sessions leave no trace in the tree that a digest could tell of. */
    @Test
    void m4AMissingFileIsMissedWhereNoZnodeChangedInIt() throws IOException {
        begin();
        story.boot(1, 3);
        story.awaitServing(1, 3);
        story.another(3);
        story.run(50);
        story.crash(1, 3);
        writeAnEpoch("d");
        damaged.folder.delete(logs().get(1));
        theOthersHaveAll();
    }

    @Test
    void m4TheEndOfAnEpochIsMissed() throws IOException {
        begin();
        story.boot(1, 3);
        story.awaitServing(1, 3);
        story.write(3, "c", 5);
        story.another(3);
        story.run(50);
        story.crash(1, 3);
        writeAnEpoch("d");
        Records.cut(damaged.folder, logs().get(1), 1);
        theOthersHaveAll();
    }

    // M22, ZOOKEEPER-3231, -2574: what an older snapshot needs is purged since there is a newer one, which is damaged.

    @Test
    void m22WhatTheNewestWholeSnapshotNeedsStays() throws IOException {
        m22(new StoredDisk());
    }

    @Test
    void m22IsFoundWhereNamesCountForSnapshots() {
        StoredDisk byName = new StoredDisk() {
            @Override
            void purge(Storage all) throws IOException {
                List<Long> zxids = all.snapshots().zxids();
                long oldest = zxids.get(Math.max(0, zxids.size() - RETAINED_SNAPSHOTS));
                for (String name : folder.names()) {
                    boolean isOlder = name.startsWith("snapshot.") && Long.parseLong(name.substring(9), 16) < oldest;
                    boolean isCovered = name.startsWith("log.") && Long.parseLong(name.substring(4), 16) <= oldest;
                    if (isOlder || isCovered) folder.delete(name);
                }
            }
        };
        assertThatThrownBy(() -> m22(byName))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not reached in time");
    }

    private static void m22(StoredDisk disk) throws IOException {
        Script alone = new Script(1);
        alone.server(1).disk = disk;
        alone.boot(1);
        alone.awaitLeader(1);
        for (int i = 0; i < 4; i++) {
            alone.write(1, "a" + i + "-", 3);
            alone.run(50);
            disk.snapshot(alone.server(1).replica().committed());
            List<Long> zxids = disk.storage().snapshots().zxids();
            if (i > 0) disk.folder.put("snapshot." + Long.toHexString(zxids.getLast()), new byte[0]);
        }
        alone.crash(1);
        alone.boot(1);
        alone.awaitLeader(1);
        assertThat(alone.has(1, "/a3-2")).isTrue();
        alone.calm();
    }
}
