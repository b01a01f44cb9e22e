package dev.paddock.node.zab;

import dev.paddock.node.Invariant;

/**
 * The two epochs that outlive a crash. They only grow, and current never passes accepted. Where their files were damaged they
 * are not known, and what is here is less, until the history of a leader was taken over. Owned by the core thread.
 */
final class Epochs {
    private long accepted; // the newest epoch this server promised to follow
    private long current; // the newest epoch whose history this server holds
    private boolean isKnown;

    Epochs(long accepted, long current, boolean isKnown) {
        this.accepted = accepted;
        this.current = current;
        this.isKnown = isKnown;
    }

    /** Whether they are all that was ever saved; if not, this server must not count in any quorum. */
    boolean isKnown() {
        return isKnown;
    }

    /** The others are in this epoch, and nothing that was promised and is not known can bind us to more. */
    void join(long epoch) {
        if (!isKnown) accepted = Math.max(accepted, epoch);
    }

    /** Both are saved again, with the history of a leader. */
    void restored() {
        isKnown = true;
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
