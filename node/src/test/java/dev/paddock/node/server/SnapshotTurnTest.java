package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.members.Members;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTurnTest {
    private static final long STEP_MILLIS_MAX = 500;
    private static final long CLOCKS_APART_MILLIS = SnapshotTurn.REST_MILLIS - STEP_MILLIS_MAX;
    private static final int RUNS = 300;

    /** A member that always has something to write, step by step, and looks at its clock before each. */
    private static final class Member {
        final SnapshotTurn turn;
        final long clockAhead;
        long writesUntil = Long.MIN_VALUE;
        long written;

        Member(int rank, int voters, long clockAhead) {
            this.turn = new SnapshotTurn(rank, voters);
            this.clockAhead = clockAhead;
        }

        boolean writes(long now, SplittableRandom random) {
            if (now >= writesUntil && turn.isOurs(now + clockAhead)) {
                writesUntil = now + random.nextLong(1, STEP_MILLIS_MAX + 1);
            }
            if (now < writesUntil) written++;
            return now < writesUntil;
        }
    }

    /** Most that write at once in twenty rounds of turns. */
    private static int most(Member[] members, SplittableRandom random) {
        long start = random.nextLong(2_000_000_000_000L);
        int most = 0;
        for (long now = start;
                now < start + 20L * members.length * SnapshotTurn.SLOT_MILLIS;
                now += random.nextLong(1, 97)) {
            int writing = 0;
            for (Member member : members) if (member.writes(now, random)) writing++;
            most = Math.max(most, writing);
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7})
    void noTwoVotersWriteAtOnceAndEachGetsItsShare(int voters) {
        for (int seed = 0; seed < RUNS / voters; seed++) {
            var random = new SplittableRandom(seed);
            var members = new Member[voters];
            for (int rank = 0; rank < voters; rank++) {
                members[rank] = new Member(rank, voters, random.nextLong(CLOCKS_APART_MILLIS + 1));
            }
            assertThat(most(members, random)).as("seed %s", seed).isEqualTo(1);
            for (Member member : members)
                assertThat(member.written).as("seed %s", seed).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 7})
    void oneClockThatIsWrongNeverLetsAllWriteAtOnce(int voters) {
        int met = 0;
        for (int seed = 0; seed < RUNS / voters; seed++) {
            var random = new SplittableRandom(seed);
            var members = new Member[voters];
            int wrong = random.nextInt(voters);
            for (int rank = 0; rank < voters; rank++) {
                long ahead = rank == wrong ? random.nextLong(-10_000_000, 10_000_000) : 0;
                members[rank] = new Member(rank, voters, ahead);
            }
            int most = most(members, random);
            assertThat(most).as("seed %s", seed).isLessThanOrEqualTo(2);
            if (most == 2) met++;
        }
        assertThat(met).as("the wrong clock matters").isPositive();
    }

    @Test
    void whoIsAloneWritesAtAnyTime() {
        for (long millis = -100_000; millis < 100_000; millis += 777) {
            assertThat(SnapshotTurn.ALONE.isOurs(millis)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,1", "7,2", "5,2", "9,0", "1,0"}) // 5 observes, 9 and 1 are to join
    void turnsGoToVotersBySid(long self, int rank) {
        Members members = Members.parse("""
                server.2=a:1:2:participant
                server.3=b:1:2:participant
                server.5=c:1:2:observer
                server.7=d:1:2:participant
                version=0""");
        assertThat(SnapshotTurn.of(members, self)).isEqualTo(new SnapshotTurn(rank, 3));
    }
}
