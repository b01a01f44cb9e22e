package dev.paddock.operator.migration;

import java.util.List;

/**
 * What Paddock makes of a member's {@code zoo.cfg} and folders, and of the flags of the JVM that runs on them.
 *
 * @param refusals why it would not start on them, or must not; a sentence each
 * @param ignored  keys and flags that have no effect in Paddock
 * @param lost     flags that would, and that Paddock does not get
 * @param wider    keys by which Paddock takes and writes more than a ZooKeeper reads that is not told the same in its own way, which
 *     nobody here can see
 */
public record Settings(List<String> refusals, List<String> ignored, List<String> lost, List<String> wider) {
    /** Nothing to object to. */
    public static final Settings FINE = new Settings(List.of(), List.of(), List.of(), List.of());

    public Settings {
        refusals = List.copyOf(refusals);
        ignored = List.copyOf(ignored);
        lost = List.copyOf(lost);
        wider = List.copyOf(wider);
    }
}
