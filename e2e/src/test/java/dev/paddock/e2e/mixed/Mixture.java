package dev.paddock.e2e.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.histories.Cast;
import dev.paddock.e2e.histories.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Voters and one observer, which is the last: the voter with the largest sid is of one kind and leads; the next one and the observer are
 * of the other.
 */
record Mixture(int voters, Set<Integer> apaches) {
    private static final List<Mixture> OF_THREE = List.of(new Mixture(3, Set.of(1, 2, 4)), new Mixture(3, Set.of(3)));
    private static final List<Mixture> OF_FIVE =
            List.of(new Mixture(5, Set.of(2, 4, 6)), new Mixture(5, Set.of(1, 3, 5)));

    /** Of three voters in each build, of five as well in a long one. */
    static List<Mixture> chosen() {
        return isLong() ? Stream.concat(OF_THREE.stream(), OF_FIVE.stream()).toList() : OF_THREE;
    }

    static boolean isLong() {
        return Boolean.getBoolean("soak.roles");
    }

    Cast cast() {
        return new Cast(voters + 1, apaches, Set.of(observer()));
    }

    boolean isApaches(int sid) {
        return apaches.contains(sid);
    }

    int leader() {
        return voters;
    }

    int observer() {
        return voters + 1;
    }

    /** A follower of the other kind than the leader's, which a quorum can do without. */
    int follower() {
        return apaches.contains(leader()) == apaches.contains(1) ? 2 : 1;
    }

    /** A bare quorum, of which the leader is the one with the largest sid. */
    List<Integer> first() {
        return IntStream.rangeClosed(voters - voters / 2, voters).boxed().toList();
    }

    /** A bare quorum without that leader; the one with the largest sid, which is of the other kind, leads it. */
    List<Integer> heirs() {
        return first().stream().map(sid -> sid - 1).toList();
    }

    /** Starts a bare quorum and waits for nothing. */
    Servers begin(Path folder) throws IOException, InterruptedException {
        return new Servers(
                cast(),
                folder,
                first(),
                "commitLogCount=500",
                "enforceQuota=true",
                "snapshotSizeFactor=-1",
                "maxSessionTimeout=90000",
                "leaderSilenceMillis=5000");
    }

    /** Starts the others when the leader leads; then all serve. */
    void complete(Servers servers) throws IOException {
        servers.awaitServing(first());
        for (int sid : servers.sids()) {
            if (!first().contains(sid)) servers.start(sid);
        }
        servers.awaitServing(servers.sids());
        assertThat(servers.awaitLeader()).isEqualTo(leader());
    }

    boolean isApache(int sid) {
        return apaches.contains(sid);
    }

    @Override
    public String toString() {
        return (isApache(leader()) ? "Apache's" : "ours") + " leads " + voters + " voters and an observer";
    }
}
