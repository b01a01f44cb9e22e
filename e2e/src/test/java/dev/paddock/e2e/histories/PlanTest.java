package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The few plans that each build carries out leave no kind of fault out. */
class PlanTest {
    private static Stream<Means> means() {
        List<Boolean> both = List.of(false, true);
        return both.stream()
                .flatMap(hasNamespaces -> both.stream()
                        .flatMap(hasTracer ->
                                both.stream().map(hasClocks -> new Means(hasNamespaces, hasTracer, hasClocks))));
    }

    @ParameterizedTest
    @MethodSource("means")
    void eachKindOfFaultIsPlannedThatThereAreMeansFor(Means means) {
        Set<Class<?>> possible = new HashSet<>(List.of(Fault.class.getPermittedSubclasses()));
        if (!means.hasNamespaces()) possible.remove(Fault.FillDisk.class);
        if (!means.hasTracer()) possible.removeAll(Set.of(Fault.BreakDisk.class, Fault.SlowDisk.class));
        if (!means.hasClocks()) possible.remove(Fault.SetClock.class);
        assertThat(kinds(HistoriesTest.HISTORIES, seed -> Plan.of(seed, means))).isEqualTo(possible);
    }

    @ParameterizedTest
    @MethodSource("means")
    void likewiseWhereServersOfBothKindsAreMembers(Means means) {
        Set<Class<?>> possible = Set.of(
                Fault.Kill.class,
                Fault.KillAll.class,
                Fault.Pause.class,
                Fault.Cut.class,
                Fault.CutLink.class,
                Fault.Remove.class);
        assertThat(kinds(HistoriesTest.MIXED, seed -> Plan.ofBoth(seed, means))).isEqualTo(possible);
    }

    /** The first two to lead are of different kinds, whoever of them it is. */
    @Test
    void whoLeadsMayBeOfEitherKind() {
        for (long seed = 0; seed < 60; seed++) {
            Cast cast = Plan.ofBoth(seed, new Means(true, true, true)).cast();
            int voters = cast.size() - cast.observers().size();
            assertThat(cast.apaches().contains(voters))
                    .as("%s", cast)
                    .isNotEqualTo(cast.apaches().contains(voters - 1));
        }
    }

    private static Set<Class<?>> kinds(int count, LongFunction<Plan> plan) {
        return LongStream.range(HistoriesTest.FIRST_SEED, HistoriesTest.FIRST_SEED + count)
                .mapToObj(plan)
                .flatMap(each -> each.steps().stream())
                .map(step -> step.fault().getClass())
                .collect(Collectors.toSet());
    }
}
