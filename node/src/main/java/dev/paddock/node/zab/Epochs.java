package dev.paddock.node.zab;

import dev.paddock.node.Invariant;

/** The two epochs that outlive a crash. They only grow, and current never passes accepted. Owned by the core thread. */
final class Epochs {
    private long accepted; // the newest epoch this server promised to follow
    private long current; // the newest epoch whose history this server holds

    Epochs(long accepted, long current) {
        this.accepted = accepted;
        this.current = current;
    }

    long accepted() {
        return accepted;
    }

    long current() {
        return current;
    }

    /** The epoch is about to be saved as accepted; nothing else may be promised meanwhile. */
    void accepting(long epoch) {
        Invariant.check(epoch >= accepted, "accepted epoch falls", accepted, epoch);
        accepted = epoch;
    }

    /** The epoch is about to be saved as current, its history being on disk. */
    void entering(long epoch) {
        Invariant.check(epoch >= current && epoch <= accepted, "current epoch out of order", current, epoch);
        current = epoch;
    }
}
