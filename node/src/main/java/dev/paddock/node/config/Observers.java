package dev.paddock.node.config;

/**
 * How observers hang on the others.
 *
 * @param masterPort           where followers listen for observers, which dial it then; 0 leaves observers to the leader
 * @param electionDelayMillis  the longest pause of an observer that lost its master
 * @param reconnectDelayMillis the longest further pause when it has tried all of them
 * @param commitLogBytes       bound on the latest txns kept in memory for learners that lag
 */
public record Observers(int masterPort, int electionDelayMillis, int reconnectDelayMillis, int commitLogBytes) {
    static Observers read(Settings settings) throws ConfigException {
        return new Observers(
                Math.max(0, settings.integer("observerMasterPort", 0, Integer.MIN_VALUE, 65_535)),
                Math.max(0, settings.integer("observer.election.DelayMs", 200, Integer.MIN_VALUE, 3_600_000)),
                Math.max(0, settings.integer("observer.reconnectDelayMs", 0, Integer.MIN_VALUE, 3_600_000)),
                settings.integer("observerMaster.sizeLimit", 32 << 20, 0, Integer.MAX_VALUE));
    }
}
