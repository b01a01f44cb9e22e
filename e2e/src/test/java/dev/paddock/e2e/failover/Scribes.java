package dev.paddock.e2e.failover;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Scribes at some servers. */
final class Scribes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<Scribe> all = new ArrayList<>();

    /** @param sids of the servers, in turn */
    Scribes(Trio trio, int count, int... sids) {
        for (int i = 0; i < count; i++) all.add(new Scribe(trio, sids[i % sids.length], i));
    }

    /** Throws what any has found wrong. */
    void check() {
        all.forEach(Scribe::check);
    }

    /** All have an answer to something that they asked for since then. */
    void awaitWrites(long sinceNanos) {
        await().atMost(PATIENCE).until(() -> {
            check();
            return all.stream().noneMatch(each -> each.acksSince(sinceNanos).isEmpty());
        });
    }

    /** They write no more; each server must show what was acknowledged. */
    void finish() {
        close();
        all.forEach(Scribe::finish);
    }

    @Override
    public void close() {
        all.forEach(Scribe::close);
    }
}
