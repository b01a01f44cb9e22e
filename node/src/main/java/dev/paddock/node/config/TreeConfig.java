package dev.paddock.node.config;

/**
 * What the znodes may be, and how much; all servers of an ensemble must be told the same.
 *
 * @param digestEnabled       whether every transaction and snapshot carries the digest of the tree
 * @param extendedTypes       whether znodes with a time to live are enabled
 * @param emulate353          whether those that ZooKeeper 3.5.3 wrote are understood
 * @param enforceQuota        whether hard quotas refuse what exceeds them
 * @param checkIntervalMillis time between two searches for containers and TTL znodes to be deleted
 * @param maxPerMinute        most of them deleted in a minute
 * @param maxNeverUsedMillis  how long a container lives that never had a child; 0 is for ever
 */
public record TreeConfig(
        boolean digestEnabled,
        boolean extendedTypes,
        boolean emulate353,
        boolean enforceQuota,
        int checkIntervalMillis,
        int maxPerMinute,
        long maxNeverUsedMillis) {
    private static final long EXTENDED_SID_MAX = 0xfe; // the top byte of a session id; 0xff marks a TTL

    static TreeConfig read(Settings settings, long self) throws ConfigException {
        boolean extendedTypes = settings.flag("extendedTypesEnabled", false);
        if (extendedTypes && self > EXTENDED_SID_MAX) {
            throw settings.error(
                    "extendedTypesEnabled",
                    "is true, but myid is " + self + "; ids above " + EXTENDED_SID_MAX
                            + " would make sessions that look like TTL znodes");
        }
        return new TreeConfig(
                settings.flag("digest.enabled", true),
                extendedTypes,
                settings.flag("emulate353TTLNodes", false),
                settings.flag("enforceQuota", false),
                settings.integer("znode.container.checkIntervalMs", 60_000, 1, Integer.MAX_VALUE),
                settings.integer("znode.container.maxPerMinute", 10_000, 1, 60_000),
                settings.longInteger("znode.container.maxNeverUsedIntervalMs", 0, 0, Long.MAX_VALUE));
    }
}
