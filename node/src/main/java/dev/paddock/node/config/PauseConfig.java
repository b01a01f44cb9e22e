package dev.paddock.node.config;

/**
 * Whether the JVM is watched for pauses, and which are told; keys and defaults are Apache ZooKeeper 3.9's.
 *
 * @param isWatched   off unless {@code jvm.pause.monitor} is true
 * @param warnMillis  a pause above it is warned of
 * @param infoMillis  a pause above it is told
 * @param sleepMillis between two looks at the clock
 */
public record PauseConfig(boolean isWatched, long warnMillis, long infoMillis, long sleepMillis) {
    static PauseConfig read(Settings s) throws ConfigException {
        return new PauseConfig(
                s.bool("jvm.pause.monitor", false),
                s.longInteger("jvm.pause.warn-threshold.ms", 10_000, 0, Long.MAX_VALUE),
                s.longInteger("jvm.pause.info-threshold.ms", 1_000, 0, Long.MAX_VALUE),
                s.longInteger("jvm.pause.sleep.time.ms", 500, 1, Integer.MAX_VALUE));
    }
}
