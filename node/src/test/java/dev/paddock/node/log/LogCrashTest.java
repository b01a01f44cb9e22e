package dev.paddock.node.log;

import static dev.paddock.node.log.Records.append;
import static dev.paddock.node.log.Records.range;
import static dev.paddock.node.log.Records.zxids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.log.CrashingFolder.PowerLost;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogCrashTest {
    private static final int NO_PADDING = 0;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void powerLostAtAnyStepOfATruncationLeavesAPrefix(long seed) throws IOException { // M20, M38
        for (int step = 0; ; step++) {
            CrashingFolder disk = new CrashingFolder();
            FileTxnLog log = threeFiles(disk, NO_PADDING);
            disk.losePowerAfter(step);
            boolean finished = survives(() -> {
                log.truncate(5);
                append(log, 6, 9);
                log.force();
            });
            CrashingFolder after = disk.afterPowerLoss(seed);
            Records.open(after, NO_PADDING);
            List<Long> left = zxids(after, 1);
            assertThat(left).isEqualTo(range(1, left.size())).hasSizeGreaterThanOrEqualTo(5);
            if (finished) {
                assertThat(left).hasSize(9);
                break;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void powerLostAtAnyStepLosesNothingForced(long seed) throws IOException {
        int refused = 0;
        for (int step = 0; ; step++) {
            CrashingFolder disk = new CrashingFolder();
            long[] forced = {0};
            disk.losePowerAfter(step);
            boolean finished = survives(() -> writeInBatches(disk, forced));
            CrashingFolder after = disk.afterPowerLoss(seed);
            try {
                FileTxnLog log = Records.open(after, 1024);
                assertThat(log.lastZxid()).isGreaterThanOrEqualTo(forced[0]);
                assertThat(zxids(after, 1)).isEqualTo(range(1, log.lastZxid()));
            } catch (DamagedLogException e) {
                refused++; // sectors of one batch that reached the disk out of order look like damage
            }
            if (finished) {
                break;
            }
        }
        if (seed < 2) {
            assertThat(refused).isZero();
        }
    }

    private static void writeInBatches(CrashingFolder disk, long[] forced) throws IOException {
        FileTxnLog log = Records.open(disk, 1024);
        Random random = new Random(7);
        for (long zxid = 1; zxid < 60; ) {
            long to = zxid + random.nextInt(8);
            append(log, zxid, to);
            log.force();
            forced[0] = to;
            zxid = to + 1;
            if (random.nextInt(4) == 0) {
                log.roll();
            }
        }
    }

    private interface Steps {
        void run() throws IOException;
    }

    private static boolean survives(Steps steps) throws IOException {
        try {
            steps.run();
            return true;
        } catch (PowerLost e) {
            return false;
        } catch (LogFailedException e) {
            assertThat(e).hasCauseInstanceOf(PowerLost.class);
            return false;
        }
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
