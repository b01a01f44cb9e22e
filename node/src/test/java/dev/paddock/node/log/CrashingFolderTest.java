package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a power loss leaves of a file is what the last force found, whatever was done to the file and in which order. */
class CrashingFolderTest {
    private static final String FILE = "file";
    private static final int SECTOR = CrashingFolder.SECTOR_BYTES;
    private static final int BYTES_MAX = 5 * SECTOR;

    private byte[] live = {};
    private byte[] forced = {};
    private final TreeSet<Integer> dropped = new TreeSet<>(); // sectors

    @Test
    void forcesWhatChangedAndNothingElse() throws IOException {
        for (int seed = 0; seed < 300; seed++) live(new Random(seed), seed);
    }

    private void live(Random random, int seed) throws IOException {
        live = new byte[0];
        forced = new byte[0];
        dropped.clear();
        CrashingFolder folder = new CrashingFolder();
        StoredFile file = folder.create(FILE);
        folder.force();
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> write(file, random);
                case 3 -> truncate(file, random.nextInt(BYTES_MAX));
                case 4 -> flip(folder, random);
                case 5 -> failToForce(folder, file);
                default -> force(file);
            }
            assertThat(folder.bytes(FILE)).as("seed %d, step %d", seed, step).isEqualTo(live);
            assertThat(folder.afterPowerLoss(0).bytes(FILE))
                    .as("seed %d, step %d: on disk", seed, step)
                    .isEqualTo(forced);
        }
    }

    private void write(StoredFile file, Random random) throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(2 * SECTOR)];
        random.nextBytes(bytes);
        int at = random.nextInt(BYTES_MAX);
        int end = at + bytes.length;
        file.write(ByteBuffer.wrap(bytes), at);
        live = Arrays.copyOf(live, Math.max(live.length, end));
        System.arraycopy(bytes, 0, live, at, bytes.length);
        dropped.removeIf(sector -> sector >= at / SECTOR && sector * SECTOR < end);
    }

    private void truncate(StoredFile file, int size) throws IOException {
        file.truncate(size);
        live = Arrays.copyOf(live, Math.min(size, live.length));
    }

    private void flip(CrashingFolder folder, Random random) {
        if (live.length == 0) return;
        int at = random.nextInt(live.length);
        folder.flip(FILE, at, 4);
        live[at] ^= 4;
        if (at < forced.length) forced[at] ^= 4;
    }

    /** What was to be forced is not on disk, and no later force writes it. */
    private void failToForce(CrashingFolder folder, StoredFile file) {
        folder.failing("force");
        assertThatThrownBy(file::force).isInstanceOf(IOException.class);
        folder.failing("");
        for (int at = 0; at < live.length; at += SECTOR) {
            int end = Math.min(at + SECTOR, live.length);
            if (end > forced.length || !Arrays.equals(live, at, end, forced, at, end)) dropped.add(at / SECTOR);
        }
    }

    private void force(StoredFile file) throws IOException {
        file.force();
        byte[] before = forced;
        forced = live.clone();
        for (int sector : dropped) {
            for (int at = sector * SECTOR; at < Math.min((sector + 1) * SECTOR, forced.length); at++) {
                forced[at] = at < before.length ? before[at] : 0;
            }
        }
    }
}
