package dev.paddock.node.members;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * Hierarchical quorums: more than half of the groups that have any weight, each by more than half of its weight.
 *
 * @param groupOf  sid to its group, for every voter
 * @param weightOf sid to its weight, 0 or more, for every voter
 */
public record Groups(SortedMap<Long, Long> groupOf, SortedMap<Long, Long> weightOf) {
    public Groups {
        groupOf = Collections.unmodifiableSortedMap(new TreeMap<>(groupOf));
        weightOf = Collections.unmodifiableSortedMap(new TreeMap<>(weightOf));
    }

    boolean isQuorum(long[] voters, LongPredicate in) {
        Map<Long, Long> all = new TreeMap<>(); // group to weight
        Map<Long, Long> present = new TreeMap<>();
        for (long sid : voters) {
            Long group = groupOf.get(sid);
            Long weight = weightOf.get(sid);
            if (group == null || weight == null || weight == 0) continue;
            all.merge(group, weight, Long::sum);
            if (in.test(sid)) present.merge(group, weight, Long::sum);
        }
        long won = all.entrySet().stream()
                .filter(group -> present.getOrDefault(group.getKey(), 0L) > group.getValue() / 2)
                .count();
        return won > all.size() / 2;
    }
}
