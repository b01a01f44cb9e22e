package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.failover.Moves.Cause;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leadership moves in each of its ways while clients of all servers write: nothing is lost, done twice or done after a later write, no
 * session ends, and nobody waits until ticks have gone by.
 */
class FailoverTest {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5); // half of what syncLimit is

    @TempDir
    Path folder;

    @Test
    void writersGoOnThroughEachMoveOfLeadership() throws Exception {
        try (var moves = new Moves(folder)) {
            for (Cause cause : Cause.values()) {
                assertThat(Duration.ofNanos(moves.move(cause).silenceNanos()))
                        .as(cause.toString())
                        .isPositive()
                        .isLessThan(SILENCE_MAX);
            }
            moves.finish();
        }
    }
}
