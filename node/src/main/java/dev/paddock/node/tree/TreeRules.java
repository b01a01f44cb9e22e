package dev.paddock.node.tree;

/**
 * How a tree behaves where Apache ZooKeeper lets an ensemble choose; all its servers must choose alike.
 *
 * @param digests       whether the tree's digest is kept: {@code digest.enabled}
 * @param extendedTypes whether TTL znodes are enabled, so that owners that start with 0xff are no sessions:
 *                      {@code extendedTypesEnabled}
 * @param emulate353    whether all negative owners but the containers' are TTLs too, as ZooKeeper 3.5.3 wrote them:
 *                      {@code emulate353TTLNodes}; of no effect without {@code extendedTypes}
 * @param enforceQuota  whether hard quotas refuse what exceeds them: {@code enforceQuota}
 */
public record TreeRules(boolean digests, boolean extendedTypes, boolean emulate353, boolean enforceQuota) {
    /** What holds where nothing is configured. */
    public static final TreeRules DEFAULT = new TreeRules(true, false, false, false);

    /** The default with TTL znodes. */
    public static final TreeRules EXTENDED = new TreeRules(true, true, false, false);
}
