package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.node.sim.Shrinker.Failure;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A planted fault of the server is found with few of the faults around it, and the command that is printed finds it again. */
class ShrinkerTest {
    private static final Pattern REPLAY =
            Pattern.compile("-Dtest=ShrinkerTest \\S+ -Dseed=(\\d+) -Dfaults=([\\d,]*)\\)");

    /** Its disks answer early, so that it takes a crash at a bad moment, and nothing else. */
    private static Ordeal ordeal(long seed) {
        return new Ordeal(ShrinkerTest.class, seed, sim -> {
            sim.oracle.watchesDisks = false;
            sim.servers.forEach(server -> server.disk = new Mutants.EarlyDisk(1));
        });
    }

    private static long failing() {
        return LongStream.range(0, 50)
                .filter(seed -> Shrinker.failure(ordeal(seed)).isPresent())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void leavesOutWhatCanBeSpared() {
        long seed = failing();
        Failure all = Shrinker.failure(ordeal(seed)).orElseThrow();
        Failure shrunk = Shrinker.shrunk(() -> ordeal(seed), all);
        assertThat(shrunk.faults()).isNotEmpty().hasSizeLessThan(all.faults().size());
        assertThat(shrunk.told()).hasSameSizeAs(shrunk.faults());
        assertThat(shrunk.place()).isEqualTo(all.place());
        for (int number : shrunk.faults()) {
            Set<Integer> fewer = new TreeSet<>(shrunk.faults());
            fewer.remove(number);
            assertThat(Shrinker.failure(ordeal(seed).only(fewer)).map(Failure::place))
                    .as("without fault %d", number)
                    .isNotEqualTo(Optional.of(all.place()));
        }
    }

    @Test
    void printsWhatReplaysTheSmallOne() {
        long seed = failing();
        Failure all = Shrinker.failure(ordeal(seed)).orElseThrow();
        Failure shrunk = Shrinker.shrunk(() -> ordeal(seed), all);
        assertThatThrownBy(() -> Shrinker.run(() -> ordeal(seed)))
                .isInstanceOf(AssertionError.class)
                .satisfies(error -> {
                    assertThat(error.getMessage()).contains(shrunk.told());
                    Matcher replay = REPLAY.matcher(error.getMessage());
                    assertThat(replay.find()).as(error.getMessage()).isTrue();
                    assertThat(replay.group(1)).isEqualTo(Long.toString(seed));
                    Failure again = Shrinker.failure(ordeal(seed).only(FaultPlan.numbers(replay.group(2))))
                            .orElseThrow();
                    assertThat(again.run()).as("the very run, by its trace").isEqualTo(shrunk.run());
                    assertThat(again.told()).isEqualTo(shrunk.told());
                });
    }

    @Test
    void aRunOfItsOwnNamesTheTestThatMadeIt() {
        assertThat(Simulation.servers(3, 42).toString()).contains("-Dtest=ShrinkerTest ");
        assertThat(new Script(3).sim.toString()).contains("-Dtest=ShrinkerTest ");
    }

    @Test
    void aRunThatHoldsIsNotTouched() {
        Shrinker.run(() -> new Ordeal(ShrinkerTest.class, 0, sim -> {}));
    }
}
