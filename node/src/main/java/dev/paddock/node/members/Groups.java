package dev.paddock.node.members;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * Hierarchical quorums: more than half of the groups that have any weight, each by more than half of its weight.
 *
 * @param groupOf  sid to its group, for every voter, and others perhaps
 * @param weightOf sid to its weight, 0 or more, for all of those
 */
public record Groups(SortedMap<Long, Long> groupOf, SortedMap<Long, Long> weightOf) {
    public Groups {
        groupOf = Collections.unmodifiableSortedMap(new TreeMap<>(groupOf));
        weightOf = Collections.unmodifiableSortedMap(new TreeMap<>(weightOf));
    }

    boolean isQuorum(long[] voters, LongPredicate in) {
        Map<Long, Long> all = new TreeMap<>(); // group to weight
        Map<Long, Long> present = new TreeMap<>();
        for (Map.Entry<Long, Long> each : groupOf.entrySet()) {
            long sid = each.getKey();
            long weight = weightOf.getOrDefault(sid, 0L);
            if (weight == 0) continue;
            all.merge(each.getValue(), weight, Long::sum);
            boolean isVoter =
                    Arrays.binarySearch(voters, sid) >= 0; // whoever has a weight counts, but not all can vote
            if (isVoter && in.test(sid)) present.merge(each.getValue(), weight, Long::sum);
        }
        long won = all.entrySet().stream()
                .filter(group -> present.getOrDefault(group.getKey(), 0L) > group.getValue() / 2)
                .count();
        return won > all.size() / 2;
    }
}
