package dev.paddock.node.watch;

/**
 * How a watch was set. A connection may have several kinds on one path; Apache ZooKeeper 3.9 keeps the first, third and
 * fourth in its table of data watches, the second and third in that of child watches.
 */
public enum WatchKind {
    /** By getData or exists: created, deleted or data changed, once. */
    DATA(0b0001),
    /** By getChildren: deleted or children changed, once. */
    CHILD(0b0010),
    /** By addWatch: all of these, until removed. */
    PERSISTENT(0b0100),
    /** By addWatch: created, deleted or data changed, of the path and all below it, until removed. */
    PERSISTENT_RECURSIVE(0b1000);

    static final int NONE = 0;

    final int bit;

    WatchKind(int bit) {
        this.bit = bit;
    }

    /** The kinds that a watcher type of checkWatches and removeWatches means; none if there is no such type. */
    static int bitsOfWatcherType(int watcherType) {
        return switch (watcherType) {
            case 1 -> CHILD.bit;
            case 2 -> DATA.bit;
            case 3 -> 0b1111;
            case 4 -> PERSISTENT.bit;
            case 5 -> PERSISTENT_RECURSIVE.bit;
            default -> NONE;
        };
    }

    /** How many watches Apache counts for these kinds: one in each of its two tables. */
    static int countOf(int bits) {
        int inChild = bits & (CHILD.bit | PERSISTENT.bit);
        return countInData(bits) + (inChild == 0 ? 0 : 1);
    }

    /** How many of those are in its table of data watches, the only one that its four letter words list. */
    static int countInData(int bits) {
        return (bits & (DATA.bit | PERSISTENT.bit | PERSISTENT_RECURSIVE.bit)) == 0 ? 0 : 1;
    }
}
