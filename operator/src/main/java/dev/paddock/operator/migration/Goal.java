package dev.paddock.operator.migration;

import java.util.List;

/**
 * What is wanted.
 *
 * @param engine   what every member shall run
 * @param accepted settings that may have no effect in Paddock or go beyond ZooKeeper's, and releases, by the user's word
 */
public record Goal(Engine engine, List<String> accepted) {
    public Goal {
        accepted = List.copyOf(accepted);
    }
}
