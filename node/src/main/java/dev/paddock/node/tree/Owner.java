package dev.paddock.node.tree;

/**
 * What the owner field of a znode says. Apache ZooKeeper stores a session id there, or a mark for the kinds of znode
 * that came later: {@code EphemeralType} in 3.9.
 */
public enum Owner {
    /** 0: a persistent znode. */
    NONE,
    /** A session: an ephemeral znode. */
    SESSION,
    /** {@link #CONTAINER_MARK}: deleted by the leader after its last child. */
    CONTAINER,
    /** 0xff in the top byte, a time to live in the low 40 bits: deleted by the leader when unused for so long. */
    TTL;

    /** The owner of every container. */
    public static final long CONTAINER_MARK = Long.MIN_VALUE;

    /** The longest time to live, in milliseconds: about 34 years. */
    public static final long TTL_MILLIS_MAX = (1L << 40) - 1;

    static final long TTL_MARK = 0xffL << 56;

    /**
     * Says what an owner field means.
     *
     * @param rules whether TTL znodes are enabled; if not, a session id may have any top byte
     */
    public static Owner of(long owner, TreeRules rules) {
        if (owner == 0) return NONE;
        if (owner == CONTAINER_MARK) return CONTAINER;
        if (!rules.extendedTypes()) return SESSION;
        boolean isTtl = (owner & ~TTL_MILLIS_MAX) == TTL_MARK || (rules.emulate353() && owner < 0);
        return isTtl ? TTL : SESSION;
    }

    /** The owner field of a znode that lives {@code ttlMillis} after its last use, 1 to {@link #TTL_MILLIS_MAX}. */
    public static long ofTtl(long ttlMillis) {
        return TTL_MARK | ttlMillis;
    }

    /** The time to live in an owner field that is a {@link #TTL}. */
    public static long ttlMillis(long owner) {
        return owner & TTL_MILLIS_MAX;
    }
}
