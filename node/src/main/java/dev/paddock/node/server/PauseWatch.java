package dev.paddock.node.server;

import dev.paddock.node.config.PauseConfig;
import dev.paddock.node.meter.Reading;
import dev.paddock.node.meter.Summary;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sleeps again and again: what a sleep takes longer than it should, all threads have stood still, or the machine has. Its own
 * thread, which the server does not wait for; asked from any thread.
 */
final class PauseWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);

    private final PauseConfig config;
    private final Summary pauseMillis = Summary.sorted(); // guarded by this
    private final Thread thread =
            Thread.ofPlatform().name("pause-watch").daemon().unstarted(this::watch);

    PauseWatch(PauseConfig config) {
        this.config = config;
        if (config.isWatched()) thread.start();
    }

    private void watch() {
        Map<String, long[]> before = collections();
        while (true) {
            long started = System.nanoTime();
            try {
                Thread.sleep(config.sleepMillis());
            } catch (InterruptedException e) {
                return; // closed
            }
            Map<String, long[]> after = collections();
            slept(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started), before, after);
            before = after;
        }
    }

    private void slept(long millis, Map<String, long[]> before, Map<String, long[]> after) {
        long pause = Math.max(0, millis - config.sleepMillis());
        synchronized (this) {
            pauseMillis.add(pause);
        }
        if (pause > config.warnMillis()) LOG.warn(text(pause, before, after));
        else if (pause > config.infoMillis()) LOG.info(text(pause, before, after));
    }

    private static String text(long pause, Map<String, long[]> before, Map<String, long[]> after) {
        var text = new StringJoiner("; ");
        text.add("Detected pause in JVM or host machine (eg GC): pause of approximately " + pause + " ms");
        after.forEach((name, now) -> {
            long[] then = before.getOrDefault(name, new long[2]);
            if (now[0] > then[0]) text.add(name + ": " + (now[0] - then[0]) + " in " + (now[1] - then[1]) + " ms");
        });
        return text.toString();
    }

    /** How many collections of garbage of each kind there were, and their milliseconds. */
    private static Map<String, long[]> collections() {
        var all = new LinkedHashMap<String, long[]>();
        for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
            all.put(each.getName(), new long[] {each.getCollectionCount(), each.getCollectionTime()});
        }
        return all;
    }

    synchronized Reading read() {
        return pauseMillis.read();
    }

    synchronized void reset() {
        pauseMillis.reset();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
