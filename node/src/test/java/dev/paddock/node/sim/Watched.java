package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.WatcherEvent;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data watches of one connection. An event comes once, after a cause and before any answer that shows the change.
 */
final class Watched {
    private final Simulation sim;
    private final SimClient client;
    private final Map<String, Long> since = new TreeMap<>(); // path to the zxid of the answer that set the watch

    Watched(Simulation sim, SimClient client) {
        this.sim = sim;
        this.client = client;
    }

    void set(String path, long zxid) {
        since.putIfAbsent(path, zxid);
    }

    void clear() {
        since.clear();
    }

    void fired(WatcherEvent event) {
        Long set = since.remove(event.path());
        if (set == null) throw new AssertionError(sim + ": client " + client.number + " did not ask for " + event);
        assertThat(sim.oracle.firstChange(event.path(), set))
                .as("%s: %s told to client %d without a cause since %x", sim, event, client.number, set)
                .isPositive();
    }

    /** An answer shows the state at {@code zxid}. */
    void nothingMissed(long zxid) {
        since.forEach((path, set) -> {
            long change = sim.oracle.firstChange(path, set);
            assertThat(change < 0 || change > zxid)
                    .as(
                            "%s: client %d sees %x and was not told of the change of %s at %x",
                            sim, client.number, zxid, path, change)
                    .isTrue();
        });
    }
}
