package dev.paddock.node.server;

import dev.paddock.node.members.Members;
import java.util.Arrays;

/**
 * When a member may write snapshots: the time of day is cut into slots of ten seconds, each belongs to one voter, and its last two
 * seconds to nobody. So no two voters write at once whose clocks agree within these, less the few MiB that are written between
 * two looks at the clock. See {@code docs/decisions/snapshots-in-turn.md}.
 *
 * @param rank   of this member among the voters, by sid; from 0
 * @param voters how many there are
 */
record SnapshotTurn(int rank, int voters) {
    static final long SLOT_MILLIS = 10_000;
    static final long REST_MILLIS = 2_000;

    /** At any time. */
    static final SnapshotTurn ALONE = new SnapshotTurn(0, 1);

    /** Of a member; one that does not vote, or is to join, shares the turn of a voter: it delays nobody's writes. */
    static SnapshotTurn of(Members members, long self) {
        long[] voters = members.voters();
        if (voters.length == 0) return ALONE;
        int below = (int) Arrays.stream(voters).filter(sid -> sid < self).count();
        return new SnapshotTurn(below % voters.length, voters.length);
    }

    /** Whether it is this member's. */
    boolean isOurs(long millisOfDay) {
        if (voters == 1) return true;
        long slot = Math.floorDiv(millisOfDay, SLOT_MILLIS);
        return Math.floorMod(slot, voters) == rank
                && Math.floorMod(millisOfDay, SLOT_MILLIS) < SLOT_MILLIS - REST_MILLIS;
    }
}
