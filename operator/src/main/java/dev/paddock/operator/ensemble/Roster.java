package dev.paddock.operator.ensemble;

import dev.paddock.operator.planner.Membership;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What of a running ensemble has to outlive the operator. It lies in the cluster's ConfigMap, where the pods read it as they
 * start; its only writer is the operator.
 *
 * @param members of the newest configuration that a leader was seen to have committed; as formed, before there was one
 * @param known ids whose volume was seen to hold a member's data: one of these that comes back empty does not vote
 * @param pods the highest id that has a pod, member or about to be one; the StatefulSet's replicas
 */
public record Roster(Membership members, NavigableSet<Integer> known, int pods) {
    static final String MEMBERS = "members";
    static final String KNOWN = "known";
    static final String PODS = "pods";

    public Roster {
        known = Collections.unmodifiableNavigableSet(new TreeSet<>(known));
    }

    /** An ensemble that is to be formed of members 1 to {@code replicas}. */
    public static Roster formed(int replicas) {
        return of(IntStream.rangeClosed(1, replicas).boxed().toList());
    }

    /** Of these voters, where nothing else is known. */
    public static Roster of(Collection<Integer> voters) {
        var ids = new TreeSet<>(voters);
        return new Roster(Membership.of(ids), new TreeSet<>(), ids.last());
    }

    /** As kept in a ConfigMap; empty if it holds none, or what holds is damaged. */
    public static Optional<Roster> parse(Map<String, String> data) {
        try {
            return Membership.parse(data.getOrDefault(MEMBERS, ""))
                    .map(members -> new Roster(
                            members,
                            Stream.of(data.getOrDefault(KNOWN, "").split(","))
                                    .filter(id -> !id.isBlank())
                                    .map(id -> Integer.valueOf(id.strip()))
                                    .collect(Collectors.toCollection(TreeSet::new)),
                            Integer.parseInt(data.getOrDefault(PODS, "").strip())));
        } catch (NumberFormatException editedByHand) {
            return Optional.empty();
        }
    }

    /**
     * With what a leader says is committed.
     *
     * @param quorum whether a quorum follows that leader, so that nothing newer can be; without one, what is kept may be newer
     */
    public Roster seen(Membership committed, boolean quorum) {
        return quorum || Long.compareUnsigned(committed.version(), members.version()) >= 0
                ? new Roster(committed, known, pods)
                : this;
    }

    /** With volumes that were seen to hold data. */
    public Roster knowing(Collection<Integer> ids) {
        var all = new TreeSet<>(known);
        all.addAll(ids);
        return new Roster(members, all, pods);
    }

    /** Without a member's volume, which may be empty from now on: it has no vote. */
    public Roster forgetting(int id) {
        var rest = new TreeSet<>(known);
        rest.remove(id);
        return new Roster(members, rest, pods);
    }

    public Roster withPods(int highest) {
        return new Roster(members, known, highest);
    }

    /** Pods that have to exist: a StatefulSet that was cut by hand gets those of its members back. */
    int podsWanted() {
        int highest = Stream.concat(members.voters().stream(), members.observers().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        return Math.max(pods, highest);
    }
}
