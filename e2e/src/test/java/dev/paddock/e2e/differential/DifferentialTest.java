package dev.paddock.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random streams to Apache ZooKeeper and to Paddock: all that a client hears is alike, and so is the tree in the end.
 *
 * <p>{@code -Dseed=N} plays one stream, {@code -Drequests=N} as many requests, of which the ensembles get a tenth.
 */
class DifferentialTest {
    private static final int REQUESTS = Integer.getInteger("requests", 210_000);
    private static final int SHARE = 10; // of the ensembles, which take ten times as long
    private static final int PER_DUEL = 500_000;
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));

    @TempDir
    Path folder;

    @Test
    @DisplayName("one server")
    void oneServer() throws Exception {
        play(1, (REQUESTS - REQUESTS / SHARE) / 2, 0, List.of());
    }

    @Test
    @DisplayName("one server that has TTL znodes")
    void oneServerWithExtendedTypes() throws Exception {
        play(1, (REQUESTS - REQUESTS / SHARE) / 2, 2_000_000_000, List.of("extendedTypesEnabled=true"));
    }

    @Test
    @DisplayName("three servers")
    void threeServers() throws Exception {
        play(3, REQUESTS / SHARE, 1_000_000_000, List.of());
    }

    @Test
    @DisplayName("what differs on purpose still does, and is written down")
    void knownDifferencesAreThere() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/compatibility.md"));
        try (var duel = new Duel(1, folder, List.of())) {
            for (KnownDifferences.Known known : KnownDifferences.all()) {
                Difference difference =
                        duel.play(known.stream()).orElseThrow(() -> new AssertionError("alike: " + known));
                assertThat(difference.shown(difference.apache()))
                        .as(known.name())
                        .contains(known.apache());
                assertThat(difference.shown(difference.paddock()))
                        .as(known.name())
                        .contains(known.paddock());
                assertThat(page).containsIgnoringCase(known.name());
            }
        }
    }

    private void play(int size, int requests, long firstSeed, List<String> settings)
            throws IOException, InterruptedException {
        Long one = Long.getLong("seed");
        long seed = one == null ? firstSeed : one;
        for (int played = 0; played < requests; ) {
            int ofThese = 0; // a new pair from time to time, since the folders of streams stay
            try (var duel = new Duel(size, folder.resolve("from-" + seed), settings)) {
                for (; ofThese < PER_DUEL && played + ofThese < requests; seed++) {
                    List<Step> stream = Generator.stream(seed, size);
                    ofThese += Generator.requests(stream);
                    Optional<Difference> difference = duel.play(stream);
                    if (difference.isPresent()) fail(report(seed, duel, stream, difference.get()));
                    if (one != null) return;
                }
            }
            played += ofThese;
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
