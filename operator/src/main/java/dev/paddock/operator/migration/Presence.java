package dev.paddock.operator.migration;

import dev.paddock.operator.planner.Role;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a member was found at its client port. */
public sealed interface Presence {
    /**
     * It serves clients.
     *
     * @param zxid       newest transaction that it has applied, asked after the leader was asked for its own
     * @param mismatches how often its tree did not hash to what the leader said
     * @param digests    what its tree hashed to in the past, by zxid; may be empty
     * @param membership who it says that it and the others are
     */
    record Serving(
            Release release,
            Role role,
            long zxid,
            Finding<Long> mismatches,
            Finding<Digests> digests,
            Finding<Membership> membership)
            implements Presence {
        Engine engine() {
            return release.engine();
        }
    }

    /** It answers, and serves nobody: it looks for a leader or catches up. */
    record NotServing() implements Presence {}

    /** Its machine refuses connections: there is no process. */
    record Down() implements Presence {}

    /**
     * Nobody knows whether it runs.
     *
     * @param why a clause about it, such as "does not answer within 2 s"
     */
    record Unreachable(String why) implements Presence {}

    /** Digest of the whole tree after a transaction, by its zxid. */
    record Digests(SortedMap<Long, Long> byZxid) {
        public Digests {
            byZxid = Collections.unmodifiableSortedMap(new TreeMap<>(byZxid));
        }
    }

    /**
     * The configuration that a server goes by.
     *
     * @param self      its own sid
     * @param voters    sids, ascending
     * @param observers sids, ascending
     */
    record Membership(long self, SortedSet<Long> voters, SortedSet<Long> observers) {
        public Membership {
            voters = Collections.unmodifiableSortedSet(new TreeSet<>(voters));
            observers = Collections.unmodifiableSortedSet(new TreeSet<>(observers));
        }
    }
}
