package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {
    @Test
    void aSnapshotIsDueAfterHalfTheCountToAllOfIt() {
        var schedule = new SnapshotSchedule(100, 0, new SplittableRandom(7));
        for (int i = 0; i < 50; i++) {
            assertThat(untilDue(schedule, 1 << 20)).isBetween(50, 100);
        }
    }

    @Test
    void orAfterHalfTheBytesToAllOfThem() {
        var schedule = new SnapshotSchedule(1_000_000, 1 << 20, new SplittableRandom(7));
        for (int i = 0; i < 50; i++) {
            assertThat(untilDue(schedule, 1 << 10)).isBetween(512, 1024);
        }
    }

    private static int untilDue(SnapshotSchedule schedule, int txnBytes) {
        int txns = 1;
        while (!schedule.appended(txnBytes)) txns++;
        return txns;
    }
}
