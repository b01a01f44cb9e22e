package dev.paddock.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.Condition;
import dev.paddock.crds.ConfigStatus;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.operator.Kstatus;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What tools that wait by kstatus' rules take a config for, whatever a run came to. */
final class ConfigKstatusTest {
    private final CoordinationConfig config = new CoordinationConfig();

    @BeforeEach
    void aSpecOfTheSecondGeneration() {
        config.getMetadata().setGeneration(2L);
    }

    static Stream<Finding> findings() {
        return Stream.of(
                new Finding.Kept(2, 0x100000002L, "abc"),
                new Finding.Conflicted("prod/other has this path"),
                new Finding.Waiting("CoordinationCluster demo does not run yet"),
                new Finding.Stalled("there is no Secret app in this namespace"));
    }

    private static Kstatus wanted(Finding finding) {
        return switch (finding) {
            case Finding.Kept _ -> Kstatus.CURRENT;
            case Finding.Waiting _ -> Kstatus.IN_PROGRESS;
            case Finding.Conflicted _, Finding.Stalled _ -> Kstatus.FAILED;
        };
    }

    @Test
    void theFindingsAreOfEveryKind() {
        assertThat(findings().map(Object::getClass)).containsOnly(Finding.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("findings")
    void itIsCurrentWhereKeysAreKeptAndFailedWhereSomebodyHasToAct(Finding finding) {
        assertThat(at(finding)).isEqualTo(wanted(finding));
        assertThat(config.getStatus().conditions())
                .filteredOn(each -> Set.of("Reconciling", "Stalled").contains(each.type()) && each.holds())
                .extracting(Condition::type)
                .as("either one or the other")
                .hasSizeLessThanOrEqualTo(1);
    }

    /** The zxid of what was written last stays, and means nothing. */
    @ParameterizedTest
    @MethodSource("findings")
    void keysThatWereKeptOnceDoNotMatter(Finding finding) {
        at(new Finding.Kept(1, 1, "ab"));
        assertThat(at(finding)).isEqualTo(wanted(finding));
    }

    @ParameterizedTest
    @MethodSource("findings")
    void anotherSpecIsWaitedForWhateverTheStatusSaysOfTheOneBefore(Finding finding) {
        at(finding);
        config.getMetadata().setGeneration(3L);
        assertThat(Kstatus.of(config)).isEqualTo(Kstatus.IN_PROGRESS);
    }

    @Test
    void oneThatNobodyHasLookedAtIsWaitedFor() {
        assertThat(Kstatus.ofNew(CoordinationConfig.class)).isEqualTo(Kstatus.IN_PROGRESS);
        assertThat(config.getStatus()).isEqualTo(ConfigStatus.UNKNOWN);
        assertThat(Kstatus.of(config)).as("as read here").isEqualTo(Kstatus.IN_PROGRESS);
    }

    private Kstatus at(Finding finding) {
        config.setStatus(new ConfigStatusWriter(config, "2026-01-01T12:00:00Z").of(finding, List.of()));
        return Kstatus.of(config);
    }
}
