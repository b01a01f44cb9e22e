package dev.paddock.node.zab;

import dev.paddock.wire.Zxid;

/**
 * The end of an epoch's zxids, whose counter has 32 bits. A leader that comes near it hands over, which begins another epoch without an
 * election; one that finds no heir until the very end starts an election, as Apache's leaders do. Owned by the core thread.
 */
final class RollOver {
    private static final long MARGIN_MAX = 1 << 20; // seconds of the fastest writing, to find an heir in

    private final long last; // counter of the last zxid of an epoch
    private final long near; // counter from which on an heir is looked for
    private boolean isTold; // that there is none

    RollOver(long zxidsPerEpoch) {
        this.last = zxidsPerEpoch;
        this.near = zxidsPerEpoch - Math.min(MARGIN_MAX, zxidsPerEpoch / 4);
    }

    /** Whether the end is near. */
    boolean isNear(long lastProposed) {
        return Zxid.counter(lastProposed) >= near;
    }

    /** Whether no zxid is left in this epoch. */
    boolean isHere(long lastProposed) {
        return Zxid.counter(lastProposed) >= last;
    }

    /** Whether it was not told yet that nobody takes over. */
    boolean isNews() {
        boolean isNews = !isTold;
        isTold = true;
        return isNews;
    }
}
