package dev.paddock.operator.migration;

import dev.paddock.operator.migration.Presence.Serving;
import dev.paddock.operator.planner.Role;
import java.util.Optional;

/**
 * One member of the ensemble as it was just seen.
 *
 * @param id       its sid
 * @param votes    whether it is no observer
 * @param settings what Paddock makes of its files
 */
public record Member(long id, boolean votes, Presence presence, Finding<Settings> settings) {
    /** What it says, if it serves. */
    public Optional<Serving> serving() {
        return presence instanceof Serving serving ? Optional.of(serving) : Optional.empty();
    }

    /** Whether it serves as the leader. */
    public boolean leads() {
        return serving().filter(s -> s.role() == Role.LEADER).isPresent();
    }

    /** Whether it serves, and by a server of that kind. */
    public boolean runs(Engine engine) {
        return serving().filter(s -> s.engine() == engine).isPresent();
    }
}
