package dev.paddock.operator.migration;

import java.util.List;

/**
 * What Paddock makes of a member's {@code zoo.cfg} and folders.
 *
 * @param refusals why it would not start on them, or must not; a sentence each
 * @param ignored  keys that have no effect in Paddock
 */
public record Settings(List<String> refusals, List<String> ignored) {
    /** Nothing to object to. */
    public static final Settings FINE = new Settings(List.of(), List.of());

    public Settings {
        refusals = List.copyOf(refusals);
        ignored = List.copyOf(ignored);
    }
}
