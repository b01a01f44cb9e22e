package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whose word about the members counts. */
final class ObservationTest {
    private static final Membership THREE = Membership.of(new TreeSet<>(List.of(1, 2, 3)));
    private static final Report LEADS = new Report(Role.LEADER, 0x200000005L);
    private static final Report FOLLOWS = new Report(Role.FOLLOWER, 0x200000003L);

    @Test
    void aLeaderWithAQuorumIsBelieved() {
        assertThat(seen(Map.of(1, LEADS, 3, FOLLOWS)).isLedByQuorum(THREE)).isTrue();
    }

    @Test
    void aLeaderAloneOrDeposedIsNot() {
        assertThat(seen(Map.of(1, LEADS)).isLedByQuorum(THREE)).isFalse();
        assertThat(seen(Map.of(1, LEADS, 4, FOLLOWS)).isLedByQuorum(THREE))
                .as("4 has no vote")
                .isFalse();
        assertThat(seen(Map.of(2, FOLLOWS, 3, FOLLOWS)).isLedByQuorum(THREE)).isFalse();
        var follows = new Report(Role.FOLLOWER, 0x300000001L);
        assertThat(seen(Map.of(1, LEADS, 2, follows, 3, FOLLOWS)).isLedByQuorum(THREE))
                .as("somebody follows a newer one")
                .isFalse();
    }

    /** People may write any version, and a deposed leader does not know what was committed since. */
    @Test
    void whatIsKeptIsNewerOnlyWithoutAQuorum() {
        Roster kept =
                new Roster(new Membership(THREE.voters(), new TreeSet<>(), new TreeSet<>(), 7), THREE.voters(), 3);
        assertThat(kept.seen(THREE, false)).isEqualTo(kept);
        assertThat(kept.seen(THREE, true).members()).isEqualTo(THREE);
    }

    private static Observation seen(Map<Integer, Report> reports) {
        return new Observation(
                new TreeMap<>(), new TreeMap<>(reports), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
