package dev.paddock.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random streams to Apache ZooKeeper and to Paddock: all that a client hears is alike, and so is the tree in the end.
 *
 * <p>{@code -Dseed=N} plays one stream, {@code -Drequests=N} as many requests, of which the ensembles of three get a tenth;
 * {@code -Dfrom=N} begins at a seed, which goes with one method ({@code -Dtest=DifferentialTest#oneServer}), and {@code -Dduels=N} plays to as many pairs at once.
 */
class DifferentialTest {
    private static final int REQUESTS = Integer.getInteger("requests", 210_000);
    private static final int DUELS = Integer.getInteger("duels", 2); // at once
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));

    @TempDir
    Path folder;

    @Test
    @DisplayName("one server")
    void oneServer() throws Exception {
        play(Arena.of(1), part(43), 0);
    }

    @Test
    @DisplayName("three servers")
    void threeServers() throws Exception {
        play(Arena.of(3), part(10), 1_000_000_000);
    }

    @Test
    @DisplayName("one server that has TTL znodes, enforced quotas and logins")
    void oneServerWithMore() throws Exception {
        play(Arena.of(1, "extendedTypesEnabled=true", "enforceQuota=true").withLogins(), part(41), 2_000_000_000L);
    }

    @Test
    @DisplayName("one server without ACLs")
    void oneServerWithoutAcls() throws Exception {
        play(Arena.of(1, "skipACL=yes", "enforceQuota=true"), part(2), 3_000_000_000L);
    }

    @Test
    @DisplayName("one server where everybody has to prove who he is")
    void oneServerWithProof() throws Exception {
        play(Arena.of(1).withLogins().withProof(), part(2), 4_000_000_000L);
    }

    @Test
    @DisplayName("one server that marks its TTL znodes as 3.5.3 did")
    void oneServerAsOf353() throws Exception {
        play(Arena.of(1, "extendedTypesEnabled=true", "emulate353TTLNodes=true"), part(2), 5_000_000_000L);
    }

    @Test
    @DisplayName("what differs on purpose still does, and is written down")
    void knownDifferencesAreThere() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/compatibility.md"));
        try (var duel = new Duel(Arena.of(1), folder)) {
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

    private static int part(int percent) {
        return (int) (REQUESTS * (long) percent / 100);
    }

    private void play(Arena arena, int requests, long firstSeed) throws IOException, InterruptedException {
        Long one = Long.getLong("seed");
        Match match = one == null
                ? new Match(arena, folder, Long.getLong("from", firstSeed), requests)
                : new Match(arena, folder, one, 1);
        match.play(one == null && arena.size() == 1 ? DUELS : 1).ifPresent(report -> fail(report));
    }
}
