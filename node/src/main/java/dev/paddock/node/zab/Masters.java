package dev.paddock.node.zab;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Whom an observer hangs on: the leader, or one follower after the other. The order, and how long a pause is, are drawn from the sid, so that
 * many observers spread and no dice are needed. Owned by the core thread.
 */
final class Masters {
    private final Observing config;
    private final Membership members;
    private final long patienceNanos; // with followers, before the leader has to do

    private int tried; // followers, in our order, round after round
    private boolean isUnserved; // since unservedSinceNanos
    private long unservedSinceNanos;
    private boolean isRoundOver; // all were tried
    private long pauses;

    Masters(Observing config, Membership members, Timing timing) {
        this.config = config;
        this.members = members;
        this.patienceNanos = timing.initNanos();
    }

    /** sid of the server to dial, under this leader: a follower's observer master, or the leader itself. */
    long next(long nowNanos, long leader) {
        if (!config.byMasters()) return leader;
        if (!isUnserved) unservedSinceNanos = nowNanos;
        isUnserved = true;
        long[] order = order(leader);
        if (order.length == 0 || nowNanos - unservedSinceNanos > patienceNanos) {
            isUnserved = false; // if the leader fails, too, the followers have their time again
            return leader;
        }
        long master = order[tried++ % order.length];
        isRoundOver = tried % order.length == 0;
        return master;
    }

    /** The master is lost; returns for how long to pause before looking who leads. */
    long lost(boolean hasServed) {
        if (hasServed) isUnserved = false;
        boolean waits = !config.byMasters() || (isRoundOver && !hasServed);
        return drawn(config.electionDelayNanos()) + (waits ? drawn(config.reconnectDelayNanos()) : 0);
    }

    private long[] order(long leader) {
        return Arrays.stream(members.voters())
                .filter(sid -> sid != leader)
                .boxed()
                .sorted(Comparator.comparingLong(sid -> mixed(members.self(), sid)))
                .mapToLong(sid -> sid)
                .toArray();
    }

    private long drawn(long limitNanos) {
        return limitNanos == 0 ? 0 : Math.floorMod(mixed(members.self(), --pauses), limitNanos);
    }

    /** Spreads as a fair die would: the finalizer of SplitMix64. */
    private static long mixed(long one, long other) {
        long z = (one + 1) * 0x9e3779b97f4a7c15L + other * 0xd1342543de82ef95L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
