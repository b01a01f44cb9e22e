package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.failover.Moves.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leadership moves in each of its ways while clients of all servers write: nothing is lost, done twice or done after a later write, no
 * session ends, and nobody waits until ticks have gone by. Unless the leader stands still, nobody waits for a tick, nor for what tells
 * a silent leader either (2 s each): that is a tenth of a second, but may be any time on a machine that has more to do, so one more
 * try is allowed; who waits does so each time.
 */
class FailoverTest {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5); // half of what syncLimit is
    private static final Duration NO_TICK_MAX = Duration.ofMillis(1_500);

    @TempDir
    Path folder;

    @Test
    void writersGoOnThroughEachMoveOfLeadership() throws Exception {
        try (var moves = new Moves(folder)) {
            for (Cause cause : Cause.DONE) {
                isShort(moves, cause, cause == Cause.PAUSE ? SILENCE_MAX : NO_TICK_MAX);
            }
            moves.finish();
        }
    }

    @Test
    void writersGoOnWhereTheZxidsOfAnEpochEnd() throws Exception {
        try (var moves = new Moves(folder, "zxidsPerEpoch=" + FailoverGaps.FEW_ZXIDS)) {
            isShort(moves, Cause.ROLL_OVER, NO_TICK_MAX);
            moves.finish();
        }
    }

    private static void isShort(Moves moves, Cause cause, Duration max) throws IOException, InterruptedException {
        Duration first = silence(moves, cause);
        Duration silence = first.compareTo(max) < 0 ? first : silence(moves, cause);
        assertThat(silence).as("%s, after %s", cause, first).isPositive().isLessThan(max);
    }

    private static Duration silence(Moves moves, Cause cause) throws IOException, InterruptedException {
        return Duration.ofNanos(moves.move(cause).silenceNanos());
    }
}
