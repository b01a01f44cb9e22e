package dev.paddock.operator.config;

import dev.paddock.crds.Condition;
import dev.paddock.crds.ConfigStatus;
import dev.paddock.crds.CoordinationConfig;
import java.util.List;

/** The status of a config as a pure function of what a run came to. The conditions follow kstatus. */
final class ConfigStatusWriter {
    private final ConfigStatus before;
    private final long generation;
    private final String now;

    /** @param now RFC 3339 */
    ConfigStatusWriter(CoordinationConfig config, String now) {
        this.before = config.getStatus() == null ? ConfigStatus.UNKNOWN : config.getStatus();
        Long generation = config.getMetadata().getGeneration();
        this.generation = generation == null ? 0 : generation;
        this.now = now;
    }

    /**
     * Equal to the one before if nothing changed but the time.
     *
     * @param places where keys may be after the run
     */
    ConfigStatus of(Finding finding, List<ConfigStatus.Place> places) {
        return switch (finding) {
            case Finding.Kept(int keys, long zxid, String hash) ->
                new ConfigStatus(
                        generation,
                        keys,
                        "0x" + Long.toHexString(zxid),
                        hash,
                        conditions("Kept", keys + (keys == 1 ? " key is" : " keys are") + " as wanted"),
                        places);
            case Finding.Conflicted(String why) -> unchanged(conditions("Conflicted", why), places);
            case Finding.Waiting(String why) -> unchanged(conditions("Waiting", why), places);
            case Finding.Stalled(String why) -> unchanged(conditions("Refused", why), places);
        };
    }

    /** What was written last stays true. */
    private ConfigStatus unchanged(List<Condition> conditions, List<ConfigStatus.Place> places) {
        return new ConfigStatus(generation, before.keys(), before.zxid(), before.hash(), conditions, places);
    }

    private List<Condition> conditions(String reason, String message) {
        boolean conflicted = reason.equals("Conflicted");
        boolean stalled = conflicted || reason.equals("Refused");
        return List.of(
                condition("Ready", reason.equals("Kept"), reason, message),
                condition("Reconciling", reason.equals("Waiting"), reason, message),
                condition("Stalled", stalled, reason, message),
                condition("Conflicted", conflicted, reason, conflicted ? message : "no other object has this path"));
    }

    private Condition condition(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        return new Condition(type, status, generation, now, reason, message).since(before.condition(type));
    }
}
