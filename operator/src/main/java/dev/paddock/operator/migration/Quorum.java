package dev.paddock.operator.migration;

import java.util.Collection;
import java.util.function.LongPredicate;

/** Which voters can decide together. */
@FunctionalInterface
public interface Quorum {
    /** Whether the voters that are {@code in} make a quorum. */
    boolean isMadeBy(LongPredicate in);

    /** More than half of the voters, each counting as one. */
    static Quorum majorityOf(Collection<Long> voters) {
        return in -> voters.stream().filter(in::test).count() > voters.size() / 2;
    }
}
