package dev.paddock.e2e.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.failover.Moves.Cause;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leadership moves in each of its ways while clients of all servers write: nothing is lost, done twice or done late, and no session ends. */
class FailoverTest {
    @TempDir
    Path folder;

    @Test
    void writersGoOnThroughEachMoveOfLeadership() throws Exception {
        try (var moves = new Moves(folder)) {
            for (Cause cause : Cause.values()) {
                assertThat(moves.move(cause).silenceNanos())
                        .as(cause.toString())
                        .isPositive();
            }
            moves.finish();
        }
    }
}
