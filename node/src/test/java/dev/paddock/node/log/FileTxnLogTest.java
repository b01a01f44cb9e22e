package dev.paddock.node.log;

import static dev.paddock.node.log.Records.append;
import static dev.paddock.node.log.Records.range;
import static dev.paddock.node.log.Records.record;
import static dev.paddock.node.log.Records.zxids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileTxnLogTest {
    private static final int NO_PADDING = 0;

    private final CrashingFolder folder = new CrashingFolder();

    @ParameterizedTest
    @ValueSource(ints = {NO_PADDING, 2048, 1 << 20})
    void readsBackWhatWasAppendedOverSeveralFiles(int preAllocBytes) throws IOException {
        FileTxnLog log = Records.open(folder, preAllocBytes);
        append(log, 1, 40);
        log.roll();
        append(log, 41, 41);
        log.force();
        append(log, 42, 60);
        log.roll();
        log.close();
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 60));
        assertThat(zxids(folder, 41)).isEqualTo(range(41, 60));
        assertThat(zxids(folder, 45)).isEqualTo(range(45, 60));
        assertThat(folder.names()).contains("log.1", "log.29").doesNotContain(Preallocator.SPARE);
        assertThat(Records.drain(folder, 1).end().lastZxid()).isEqualTo(60);
    }

    @Test
    void goesOnInAPreparedFileWhenOneIsFull() throws IOException {
        FileTxnLog log = Records.open(folder, 2048);
        append(log, 1, 100);
        log.force();
        log.close();
        assertThat(LogFiles.files(folder)).hasSizeGreaterThan(3);
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 100));
    }

    @Test
    void preparesFilesHalfAsLongAgainAsTheLastBecame() throws IOException {
        FileTxnLog log = Records.open(folder, 20 << 20);
        assertThat(spareBytes()).isEqualTo(8 << 20);
        log.append(record(1, 10 << 20), 1);
        log.roll();
        log.append(record(2, 1), 2);
        assertThat(spareBytes()).isBetween(15L << 20, 16L << 20);
        log.roll();
        log.append(record(3, 18 << 20), 3);
        assertThat(spareBytes()).as("not below what it began with").isEqualTo(8 << 20);
        log.roll();
        log.append(record(4, 1), 4);
        assertThat(spareBytes()).as("not above preAllocSize").isEqualTo(20 << 20);
        log.force();
        log.close();
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 4));
    }

    private long spareBytes() throws IOException {
        try (StoredFile spare = folder.open(Preallocator.SPARE)) {
            return spare.size();
        }
    }

    @Test
    void takesARecordLargerThanItsBuffer() throws IOException {
        FileTxnLog log = Records.open(folder, 4096);
        append(log, 1, 3);
        log.append(record(4, 3 << 20), 4);
        append(log, 5, 6);
        log.force();
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 6));
    }

    @Test
    void readsABoundedPieceOfALogThatIsBeingWritten() throws IOException {
        FileTxnLog log = Records.open(folder, 2048);
        append(log, 1, 30);
        log.force();
        append(log, 31, 33);
        List<Long> seen = new ArrayList<>();
        try (LogReader reader = log.read(10, 25)) {
            while (reader.advance()) {
                seen.add(reader.record().zxid());
            }
        }
        assertThat(seen).isEqualTo(range(10, 25));
    }

    @Test
    void startsANewEpochAtOne() throws IOException {
        FileTxnLog log = Records.open(folder, NO_PADDING);
        append(log, 1, 3);
        append(log, (2L << 32) + 1, (2L << 32) + 3);
        log.force();
        assertThat(zxids(folder, 1)).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {NO_PADDING, 2048})
    void truncatesToAnyRecord(int preAllocBytes) throws IOException {
        for (long to = 0; to <= 31; to++) {
            CrashingFolder copy = new CrashingFolder();
            FileTxnLog log = threeFiles(copy, preAllocBytes);
            assertThat(log.truncate(to)).isEqualTo(Math.min(to, 30));
            assertThat(zxids(copy, 1)).isEqualTo(range(1, Math.min(to, 30)));
            if (to <= 30) {
                append(log, to + 1, to + 5);
                log.force();
                assertThat(zxids(copy, 1)).isEqualTo(range(1, to + 5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "force", "forceFolder", "create", "rename"})
    void afterAFailureItNeverTakesAnotherRecord(String kind) throws IOException {
        FileTxnLog log = Records.open(folder, kind.equals("rename") ? 1024 : 0);
        folder.failing(kind);
        assertThatThrownBy(() -> {
                    append(log, 1, 1);
                    log.force();
                })
                .isInstanceOf(LogFailedException.class)
                .hasMessageContaining("No space left on device");
        folder.failing("");
        assertThatThrownBy(() -> append(log, 2, 2)).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(log::force).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.truncate(0)).isInstanceOf(LogFailedException.class);
    }

    @Test
    void preparesFilesOnAnotherThreadAndLeavesNoneBehind(@TempDir Path path) throws IOException {
        Folder disk = DiskFolder.open(path.resolve("version-2"));
        try (ExecutorService preallocating = Executors.newSingleThreadExecutor()) {
            for (int start = 0; start < 20; start++) {
                LogEnd end = Records.drain(disk, 1).end();
                try (FileTxnLog log = FileTxnLog.open(
                        disk,
                        end,
                        end.lastZxid(),
                        new FileTxnLog.Settings(1 << 20, 0, true),
                        preallocating,
                        new ForcedMark(new CrashingFolder()),
                        new Seams(new CrashingFolder()),
                        DiskSpace.unwatched())) {
                    append(log, end.lastZxid() + 1, end.lastZxid() + 500);
                    log.force();
                }
                assertThat(disk.names()).doesNotContain(Preallocator.SPARE);
            }
        }
        assertThat(zxids(disk, 1)).isEqualTo(range(1, 10_000));
    }

    @Test
    void goesOnInAnotherFileAtTheConfiguredSize() throws IOException {
        LogEnd end = Records.drain(folder, 1).end();
        var settings = new FileTxnLog.Settings(0, 1000, true);
        try (FileTxnLog log = FileTxnLog.open(
                folder,
                end,
                end.lastZxid(),
                settings,
                Records.AT_ONCE,
                new ForcedMark(new CrashingFolder()),
                new Seams(new CrashingFolder()),
                DiskSpace.unwatched())) {
            append(log, 1, 40);
            log.force();
            log.append(Records.record(41, 5000), 41); // longer than a file may be: alone in one
            append(log, 42, 43);
            log.force();
        }
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 43));
        assertThat(folder.names()).contains("log.1", "log.29", "log.2a").hasSizeGreaterThan(5);
    }

    @Test
    void forcesNothingWhereThatIsConfigured() throws IOException {
        LogEnd end = Records.drain(folder, 1).end();
        var settings = new FileTxnLog.Settings(0, 0, false);
        try (FileTxnLog log = FileTxnLog.open(
                folder,
                end,
                end.lastZxid(),
                settings,
                Records.AT_ONCE,
                new ForcedMark(new CrashingFolder()),
                new Seams(new CrashingFolder()),
                DiskSpace.unwatched())) {
            folder.failing("force");
            append(log, 1, 3);
            log.force();
        }
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"write", "force"})
    void leavesNoHalfPreparedFileOnAFullDisk(String kind) throws IOException {
        folder.failing(kind);
        FileTxnLog log = Records.open(folder, 1 << 20);
        assertThat(folder.names()).as("the log needs the space").isEmpty();
        folder.failing("");
        append(log, 1, 3);
        log.force();
        assertThat(zxids(folder, 1)).isEqualTo(range(1, 3));
    }

    @Test
    void removesAnEmptyNewestFile() throws IOException {
        FileTxnLog log = Records.open(folder, NO_PADDING);
        append(log, 1, 3);
        log.roll();
        for (int length : new int[] {0, 4, 16, 4096}) {
            byte[] start = Arrays.copyOf(Arrays.copyOf(folder.bytes("log.1"), Math.min(length, 16)), length);
            folder.put("log.4", start);
            FileTxnLog after = Records.open(folder, NO_PADDING);
            assertThat(folder.names()).containsExactly("log.1");
            assertThat(after.lastZxid()).isEqualTo(3);
        }
    }

    @Test
    void takesNoOtherNamesForLogs() {
        for (String name : List.of(
                "log.",
                "log.-1",
                "log.+1",
                "log. 1",
                "log.1 ",
                "log.g",
                "log.00000000000000001",
                "log.ffffffffffffffff",
                "log.1.tmp",
                "xlog.1",
                "log1",
                "log.१")) {
            assertThat(FileNames.zxid(FileNames.LOG, name, "")).as(name).isEqualTo(-1);
        }
        assertThat(FileNames.zxid(FileNames.LOG, "log.100000001", "")).isEqualTo(0x100000001L);
    }

    private static FileTxnLog threeFiles(Folder folder, int preAllocBytes) throws IOException {
        FileTxnLog log = Records.open(folder, preAllocBytes);
        append(log, 1, 10);
        log.roll();
        append(log, 11, 20);
        log.roll();
        append(log, 21, 30);
        log.force();
        return log;
    }
}
