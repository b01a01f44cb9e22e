package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.log.SnapshotStore.Newest;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotStoreTest {
    private final CrashingFolder folder = new CrashingFolder();
    private final SnapshotStore store = over(folder);
    private final Database older = Databases.some(5, 8);
    private final Database newer = Databases.some(5, 16);

    private static SnapshotStore over(Folder folder) {
        return new SnapshotStore(folder, TreeRules.DEFAULT, new SnapshotNotes(folder));
    }

    @Test
    void readsBackTheNewest() throws IOException {
        store.write(older);
        assertThat(store.write(newer)).isEqualTo("snapshot.10");
        assertThat(store.zxids()).containsExactly(8L, 16L);
        assertLoads(folder, newer, 0);
    }

    @Test
    void cutAnywhereItFallsBackAndSaysThatItIsCut() throws IOException {
        store.write(older);
        store.write(newer);
        byte[] whole = folder.bytes("snapshot.10");
        int bodyEnd = whole.length - 67;
        for (int length = 0; length < whole.length; length += length < bodyEnd ? 7 : 1) {
            folder.put("snapshot.10", Arrays.copyOf(whole, length));
            if (length == bodyEnd + 13 || length == bodyEnd + 13 + 33) {
                assertLoads(folder, newer, 0); // it ends after a seal, as older servers wrote it
            } else {
                Newest newest = assertLoads(folder, older, 1);
                assertThat(newest.passedOver().getFirst().isCut()).isTrue();
            }
        }
    }

    @Test
    void everyChangedByteIsNoticed() throws IOException {
        store.write(older);
        store.write(newer);
        byte[] whole = folder.bytes("snapshot.10");
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            folder.put("snapshot.10", changed);
            Newest newest = assertLoads(folder, older, 1);
            boolean inTheEnd = at >= whole.length - 5;
            assertThat(newest.passedOver().getFirst().isCut()).as("byte %s", at).isEqualTo(inTheEnd);
        }
    }

    @Test
    void readsWhatApacheCompressed() throws IOException {
        store.write(newer);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(folder.bytes("snapshot.10"));
        }
        folder.delete("snapshot.10");
        store.write(older);
        folder.put("snapshot.10.gz", bytes.toByteArray());
        assertLoads(folder, newer, 0);
        folder.put("snapshot.10.gz", Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        assertLoads(folder, older, 1);
    }

    @Test
    void readsWhatApacheCompressedWithSnappy() throws IOException {
        store.write(newer);
        byte[] whole = SnappyInputTest.compressed(folder.bytes("snapshot.10"), 32 << 10);
        folder.delete("snapshot.10");
        store.write(older);
        folder.put("snapshot.10.snappy", whole);
        assertLoads(folder, newer, 0);
        assertThat(store.zxids()).containsExactly(8L, 16L);
        for (int at = 0; at < whole.length; at += 5) {
            folder.put("snapshot.10.snappy", Arrays.copyOf(whole, at));
            assertThat(assertLoads(folder, older, 1).passedOver().getFirst().isCut())
                    .isTrue();
        }
        int noticed = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            folder.put("snapshot.10.snappy", changed);
            Newest newest = over(folder).loadNewest(false, NO_PROGRESS);
            Database loaded = newest.loaded().orElseThrow().database();
            boolean isNoticed = newest.passedOver().size() == 1; // else zeros were copied from other zeros
            assertThat(loaded.difference(isNoticed ? older : newer))
                    .as("byte %s", at)
                    .isNull();
            if (isNoticed) noticed++;
        }
        assertThat(noticed).isGreaterThan(whole.length / 2);
    }

    @Test
    void purgingKeepsTheNewestValidOnes() throws IOException { // M22
        for (int txns = 1; txns <= 6; txns++) {
            store.write(Databases.some(5, txns));
        }
        for (String broken : new String[] {"snapshot.4", "snapshot.5", "snapshot.6"}) {
            folder.put(broken, new byte[0]);
        }
        assertThat(store.purge(4)).as("only three are valid").isEmpty();
        assertThat(store.zxids()).hasSize(6);
        assertThat(store.purge(3)).contains(1L);
        assertThat(store.zxids()).hasSize(6);
        assertThat(store.purge(2)).contains(2L);
        assertThat(store.zxids()).containsExactly(2L, 3L, 4L, 5L, 6L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void powerLostAtAnyStepLeavesTheOldOrTheNew(long seed) throws IOException {
        for (int step = 0; ; step++) {
            CrashingFolder disk = new CrashingFolder();
            SnapshotStore writing = over(disk);
            writing.write(older);
            disk.losePowerAfter(step);
            boolean finished = true;
            try {
                writing.write(newer);
            } catch (CrashingFolder.PowerLost e) {
                finished = false;
            }
            CrashingFolder after = disk.afterPowerLoss(seed);
            Newest newest = over(after).loadNewest(false, NO_PROGRESS);
            assertThat(newest.passedOver()).isEmpty();
            assertThat(newest.loaded().orElseThrow().database().lastZxid())
                    .isIn(finished ? new Long[] {16L} : new Long[] {8L, 16L});
            over(after).write(newer);
            assertLoads(after, newer, 0);
            if (finished) {
                break;
            }
        }
    }

    @Test
    void aFullDiskLeavesWhatWasThere() throws IOException {
        store.write(older);
        folder.failing("write");
        assertThatThrownBy(() -> store.write(newer)).hasMessageContaining("No space left");
        assertThat(folder.names()).as("the log needs the space").containsExactly("snapshot.8", "snapshots");
        folder.failing("");
        assertLoads(folder, older, 0);
        store.write(newer);
        assertLoads(folder, newer, 0);
    }

    static final RecoveryProgress NO_PROGRESS = new RecoveryProgress() {
        @Override
        public void reading(String snapshot, long bytes) {
            assertThat(bytes).isPositive();
        }

        @Override
        public void replayed(long records, long zxid) {
            assertThat(records).isPositive();
        }
    };

    private static Newest assertLoads(Folder folder, Database expected, int passedOver) throws IOException {
        Newest newest = over(folder).loadNewest(false, NO_PROGRESS);
        assertThat(newest.passedOver()).hasSize(passedOver);
        assertThat(newest.loaded().orElseThrow().database().difference(expected))
                .isNull();
        return newest;
    }
}
