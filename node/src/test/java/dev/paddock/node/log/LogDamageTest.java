package dev.paddock.node.log;

import static dev.paddock.node.log.Records.append;
import static dev.paddock.node.log.Records.range;
import static dev.paddock.node.log.Records.record;
import static dev.paddock.node.log.Records.zxids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogDamageTest {
    private static final int NO_PADDING = 0;

    private final CrashingFolder folder = new CrashingFolder();

    @Test
    void refusesAGapInsideAnEpochAndAtItsBeginning() throws IOException {
        FileTxnLog log = Records.open(folder, NO_PADDING);
        append(log, 1, 3);
        append(log, 5, 5);
        log.force();
        assertThatThrownBy(() -> zxids(folder, 1))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("log.1")
                .hasMessageContaining("0x5 comes after 0x3");
        assertThat(zxids(folder, 5)).as("a snapshot of 4 fills the gap").isEqualTo(range(5, 5));
        append(log, (1L << 32) + 2, (1L << 32) + 2);
        log.force();
        assertThatThrownBy(() -> zxids(folder, 5)).isInstanceOf(DamagedLogException.class);
    }

    @Test
    void refusesALogWhoseMiddleFileIsGone() throws IOException { // M4
        FileTxnLog log = Records.open(folder, NO_PADDING);
        for (int file = 0; file < 3; file++) {
            append(log, file * 10 + 1, file * 10 + 10);
            log.roll();
        }
        folder.delete("log.b");
        assertThatThrownBy(() -> zxids(folder, 1))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_PADDING, 8192})
    void cutAtAnyByteItRecoversAPrefix(int preAllocBytes) throws IOException {
        FileTxnLog log = Records.open(folder, preAllocBytes);
        append(log, 1, 12);
        log.force();
        byte[] whole = folder.bytes("log.1");
        int used = (int) usedBytes(whole);
        int most = -1;
        for (int length = 0; length <= used; length++) {
            CrashingFolder cut = new CrashingFolder();
            cut.put("log.1", Arrays.copyOf(Arrays.copyOf(whole, length), preAllocBytes == 0 ? length : whole.length));
            FileTxnLog after = Records.open(cut, preAllocBytes);
            List<Long> left = zxids(cut, 1);
            assertThat(left).isEqualTo(range(1, left.size()));
            assertThat(left.size()).isBetween(most, most + 1);
            most = Math.max(0, left.size());
            append(after, left.size() + 1, left.size() + 2);
            after.force();
            assertThat(zxids(cut, 1)).isEqualTo(range(1, left.size() + 2));
        }
        assertThat(most).isEqualTo(12);
    }

    @Test
    void aTornTailIsReportedAndCutOnce() throws IOException {
        FileTxnLog log = Records.open(folder, NO_PADDING);
        append(log, 1, 3);
        log.roll();
        byte[] whole = folder.bytes("log.1");
        folder.put("log.1", Arrays.copyOf(whole, whole.length - 5));
        TornTail torn = Records.drain(folder, 1).end().torn().orElseThrow();
        assertThat(torn.file()).isEqualTo("log.1");
        assertThat(torn.bytes()).isBetween(1L, whole.length - 5 - torn.offset());
        Records.open(folder, NO_PADDING);
        assertThat((long) folder.bytes("log.1").length).isEqualTo(torn.offset());
        assertThat(Records.drain(folder, 1).end().torn()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_PADDING, 4096})
    void everyFlippedBitInTheMiddleIsRefused(int preAllocBytes) throws IOException { // M3
        byte[] whole = twelveRecords(preAllocBytes);
        int lastRecord = (int) lastRecordAt(whole);
        for (int at = 0; at < lastRecord; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << bit);
                boolean unread = at >= 8 && at < LogFormat.HEADER_BYTES; // the database id, which no one reads
                if (!unread) {
                    assertRefused(flipped, "bit " + bit + " of byte " + at);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_PADDING, 4096})
    void everyZeroedLengthOrPageInTheMiddleIsRefused(int preAllocBytes) throws IOException { // M2
        byte[] whole = twelveRecords(preAllocBytes);
        int lastRecord = (int) lastRecordAt(whole);
        for (int bytes : new int[] {4, 12, 64, 512}) {
            for (int at = 0; at + bytes <= lastRecord; at++) {
                byte[] zeroed = whole.clone();
                Arrays.fill(zeroed, at, at + bytes, (byte) 0);
                if (!Arrays.equals(zeroed, whole)) {
                    assertRefused(zeroed, bytes + " bytes at " + at);
                }
            }
        }
    }

    @Test
    void damageAtTheEndOfAFileIsRefusedWhereALaterFileDoesNotGoOn() throws IOException {
        byte[] whole = twelveRecords(NO_PADDING);
        int last = (int) lastRecordAt(whole);
        for (int at = last; at < whole.length; at++) {
            CrashingFolder damaged = folder.copy();
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            damaged.put("log.1", flipped);
            FileTxnLog log = FileTxnLog.open(
                    damaged,
                    new LogEnd(Stretch.until(12), Optional.empty(), List.of()),
                    12,
                    Records.GROWING,
                    Records.AT_ONCE,
                    new ForcedMark(new CrashingFolder()),
                    new Seams(new CrashingFolder()),
                    DiskSpace.unwatched());
            append(log, 13, 14);
            log.force();
            assertThatThrownBy(() -> zxids(damaged, 1)).isInstanceOf(DamagedLogException.class);
        }
    }

    @Test
    void aTornTailThatApacheLeftBehindIsNoDamage() throws IOException {
        byte[] whole = twelveRecords(NO_PADDING);
        CrashingFolder left = new CrashingFolder();
        left.put("log.1", Arrays.copyOf(whole, (int) lastRecordAt(whole) + 20)); // record 12 is torn
        CrashingFolder other = new CrashingFolder();
        FileTxnLog log = FileTxnLog.open(
                other,
                new LogEnd(Stretch.until(11), Optional.empty(), List.of()),
                11,
                Records.GROWING,
                Records.AT_ONCE,
                new ForcedMark(new CrashingFolder()),
                new Seams(new CrashingFolder()),
                DiskSpace.unwatched());
        append(log, 12, 13);
        log.force();
        left.put("log.c", other.bytes("log.c"));
        assertThat(zxids(left, 1)).isEqualTo(range(1, 13));
    }

    private byte[] twelveRecords(int preAllocBytes) throws IOException {
        FileTxnLog log = Records.open(folder, preAllocBytes);
        append(log, 1, 12);
        log.force();
        return folder.bytes("log.1");
    }

    private static long lastRecordAt(byte[] whole) {
        return usedBytes(whole) - record(12, 12).length - LogFormat.FRAME_BYTES;
    }

    private static long usedBytes(byte[] whole) {
        int used = whole.length;
        while (whole[used - 1] == 0) {
            used--;
        }
        return used;
    }

    private static void assertRefused(byte[] log, String what) {
        CrashingFolder damaged = new CrashingFolder();
        damaged.put("log.1", log);
        assertThatThrownBy(() -> zxids(damaged, 1), what).isInstanceOf(DamagedLogException.class);
    }
}
