package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Zxid;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {
    private long zxid = Zxid.of(3, 17);

    private static SnapshotSchedule schedule(int snapCount, int rank, int members, long snapLogBytes) {
        return new SnapshotSchedule(snapCount, rank, members, snapLogBytes, new SplittableRandom(rank));
    }

    @Test
    void aSnapshotIsDueOnceInEachCountOfTransactions() {
        var schedule = schedule(100, 0, 1, 0);
        assertThat(untilDue(schedule, 1)).isEqualTo(100 - 17);
        for (int i = 0; i < 50; i++) assertThat(untilDue(schedule, 1 << 20)).isEqualTo(100);
    }

    @Test
    void membersBeginApartWhereverEachHasStarted() {
        var begun = new TreeMap<Long, Integer>();
        for (int rank = 0; rank < 3; rank++) {
            zxid = Zxid.of(3, 17 + 30 * rank);
            var schedule = schedule(100, rank, 3, 0);
            while (zxid < Zxid.of(3, 5000)) {
                untilDue(schedule, 10);
                assertThat(begun.put(zxid, rank)).isNull();
            }
        }
        long before = begun.firstKey() - 100;
        for (long at : begun.keySet()) {
            assertThat(at - before).isGreaterThanOrEqualTo(33);
            before = at;
        }
    }

    @Test
    void shortEpochsDoNotPutItOffForEver() {
        var schedule = schedule(100, 2, 3, 0);
        int txns = 0;
        for (long epoch = 1; ; epoch++) {
            boolean isDue = false;
            for (int counter = 1; counter <= 10 && !isDue; counter++, txns++) {
                isDue = schedule.appended(Zxid.of(epoch, counter), 1);
            }
            if (isDue) break;
        }
        assertThat(txns).isEqualTo(125);
    }

    @Test
    void orAfterHalfTheBytesToAllOfThem() {
        var schedule = schedule(1_000_000, 0, 1, 1 << 20);
        for (int i = 0; i < 50; i++) {
            assertThat(untilDue(schedule, 1 << 10)).isBetween(512, 1024);
        }
    }

    private int untilDue(SnapshotSchedule schedule, int txnBytes) {
        int txns = 1;
        while (!schedule.appended(++zxid, txnBytes)) txns++;
        return txns;
    }
}
