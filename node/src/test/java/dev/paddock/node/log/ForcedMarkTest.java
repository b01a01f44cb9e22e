package dev.paddock.node.log;

import static dev.paddock.node.log.Stretch.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForcedMarkTest {
    private final CrashingFolder folder = new CrashingFolder();

    @Test
    void aLogThatReachesItIsComplete() throws IOException {
        ForcedMark mark = opened(folder, 3, 10);
        mark.forced(until(11));
        mark.forced(until(12));
        assertThat(new ForcedMark(folder).isReached(3, until(12))).isTrue();
        assertThat(new ForcedMark(folder).isReached(3, until(13))).isTrue();
        assertThat(new ForcedMark(folder).isReached(3, until(11))).isFalse();
    }

    @Test
    void withoutOneAllIsComplete() throws IOException {
        assertThat(new ForcedMark(folder).isReached(3, until(0))).isTrue();
        assertThat(folder.names()).isEmpty();
    }

    /** A server of Apache's has been there, which may have cut the log. */
    @Test
    void inANewerEpochItSaysNothing() throws IOException {
        opened(folder, 3, 10).forced(until(12));
        assertThat(new ForcedMark(folder).isReached(4, until(11))).isTrue();
    }

    @Test
    void whatIsMissingStaysMissingUntilALeadersHistoryIsThere() throws IOException {
        opened(folder, 3, 10).forced(until(20));
        ForcedMark mark = new ForcedMark(folder);
        assertThat(mark.isReached(3, until(15))).isFalse();
        mark.forced(until(16));
        mark.lower(14);
        assertThat(new ForcedMark(folder).isReached(3, until(19))).isFalse();
        mark.complete(3, until(18));
        assertThat(new ForcedMark(folder).isReached(3, until(18))).isTrue();
        mark.forced(until(19));
        assertThat(new ForcedMark(folder).isReached(3, until(18))).isFalse();
    }

    @Test
    void whatIsDistrustedIsIncompleteWhateverItHolds() throws IOException {
        ForcedMark mark = opened(folder, 3, 10);
        mark.distrust();
        assertThat(new ForcedMark(folder).isReached(3, until(Long.MAX_VALUE - 1)))
                .isFalse();
        mark.complete(4, until(7));
        assertThat(new ForcedMark(folder).isReached(4, until(7))).isTrue();
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenAgain() throws IOException {
        ForcedMark mark = opened(folder, 3, 10);
        mark.forced(until(11));
        byte[] before = folder.bytes(ForcedMark.FILE);
        folder.failing("write");
        assertThatThrownBy(() -> mark.forced(until(12))).isInstanceOf(IOException.class);
        folder.failing("");
        assertThat(folder.bytes(ForcedMark.FILE)).isEqualTo(before);
        mark.forced(until(12));
        assertThat(new ForcedMark(folder).isReached(3, until(11))).isFalse();
    }

    @Test
    void aPlaceThatIsGarbledLeavesTheOther() throws IOException {
        ForcedMark mark = opened(folder, 3, 10);
        mark.forced(until(11));
        mark.forced(until(12));
        byte[] bytes = folder.bytes(ForcedMark.FILE);
        int newest = bytes[7] == 2 ? 0 : 4096;
        bytes[newest + 20] ^= 1;
        folder.put(ForcedMark.FILE, bytes);
        ForcedMark left = new ForcedMark(folder);
        assertThat(left.isReached(3, until(11))).isTrue();
        left.forced(until(13)); // over the garbled one
        assertThat(new ForcedMark(folder).isReached(3, until(12))).isFalse();
    }

    /** Its checksum is right all the same. */
    @ParameterizedTest
    @CsvSource({"-3, 3", "9223372036854775807, 3", "7, 4294967296"})
    void aMarkThatNoServerWritesSaysNothing(long number, long epoch) throws IOException {
        try (var places = new Places(folder, new Places.Form(ForcedMark.FILE, 2, 4096, 6))) {
            places.write(0, number, epoch, 0, 0, 99, 0);
        }
        ForcedMark mark = opened(folder, 3, 10);
        mark.forced(until(11));
        mark.forced(until(12));
        assertThat(new ForcedMark(folder).isReached(3, until(11))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void powerLostAtAnyStepLeavesOneThatWasWritten(long seed) throws IOException {
        for (int step = 0, died = 1; died > 0; step++) {
            var disk = new CrashingFolder();
            disk.losePowerAfter(step);
            died = 0;
            try {
                ForcedMark mark = opened(disk, 3, 0);
                for (int zxid = 1; zxid < 5; zxid++) mark.forced(until(zxid));
                mark.lower(2);
                mark.complete(4, until(9));
            } catch (CrashingFolder.PowerLost e) {
                died = 1;
            }
            ForcedMark left = new ForcedMark(disk.afterPowerLoss(seed));
            left.isReached(0, until(0));
            assertThat(left.zxid()).isIn(died > 0 ? new Long[] {0L, 1L, 2L, 3L, 4L, 9L} : new Long[] {9L});
        }
    }

    private static ForcedMark opened(Folder folder, long epoch, long zxid) throws IOException {
        var mark = new ForcedMark(folder);
        assertThat(mark.isReached(epoch, until(zxid))).isTrue();
        return mark;
    }
}
