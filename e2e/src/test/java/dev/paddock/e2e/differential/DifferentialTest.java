package dev.paddock.e2e.differential;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random streams to Apache ZooKeeper and to Paddock: all that a client hears is alike, and so is the tree in the end. */
class DifferentialTest {
    private static final int REQUESTS = Integer.getInteger("requests", 150_000);

    @TempDir
    Path folder;

    @Test
    @DisplayName("one server")
    void oneServer() throws Exception {
        play(1, List.of(), REQUESTS);
    }

    private void play(int size, List<String> settings, int requests) throws IOException, InterruptedException {
        Long one = Long.getLong("seed");
        try (var duel = new Duel(size, folder, settings)) {
            int played = 0;
            for (long seed = one == null ? 0 : one; played < requests; seed++) {
                List<Step> stream = Generator.stream(seed, size);
                played += Generator.requests(stream);
                Optional<Difference> difference = duel.play(stream);
                if (difference.isPresent()) fail(report(seed, duel, stream, difference.get()));
                if (one != null) return;
            }
        }
    }

    /** With the shortest stream that still shows a difference. */
    private static String report(long seed, Duel duel, List<Step> stream, Difference difference)
            throws IOException, InterruptedException {
        List<Step> shrunk = new Shrinker(duel).shrunk(stream);
        String again =
                duel.play(shrunk).map(Difference::toString).orElse("not again: it comes and goes\n" + difference);
        return "seed " + seed + "; replay with -Dtest=DifferentialTest -Dseed=" + seed + "\n" + Show.stream(shrunk)
                + again;
    }
}
