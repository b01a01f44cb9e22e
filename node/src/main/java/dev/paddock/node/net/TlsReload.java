package dev.paddock.node.net;

import dev.paddock.node.config.Tls;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of keys and certificates each second, and reads them when they have changed. Files that cannot be read
 * leave the old ones in use.
 */
final class TlsReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsReload.class);

    private final Tls config;
    private final String whom;
    private final Reading reading;
    private final ScheduledExecutorService watching;
    private List<StoreFile.Stamp> stamps; // of the files in use; the watching thread's alone

    /** Takes what the files hold now. */
    interface Reading {
        void read() throws IOException;
    }

    /**
     * Reads the files.
     *
     * @param whom meets changed files, in the plural
     * @param reading is called here first, and later by a thread of its own
     * @throws IOException if one of them is missing or of another form, or the password is wrong
     */
    TlsReload(Tls config, String whom, Reading reading) throws IOException {
        this.config = config;
        this.whom = whom;
        this.reading = reading;
        this.stamps = stamps();
        reading.read();
        this.watching = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("tls-files").daemon().factory());
        var _ = watching.scheduleWithFixedDelay(this::reloadIfChanged, 1, 1, TimeUnit.SECONDS);
    }

    private List<StoreFile.Stamp> stamps() throws IOException {
        StoreFile.Stamp key = StoreFile.stamp(config.keyStore());
        return config.trustStore().isEmpty()
                ? List.of(key)
                : List.of(key, StoreFile.stamp(config.trustStore().get()));
    }

    private void reloadIfChanged() {
        try {
            List<StoreFile.Stamp> now = stamps();
            if (now.equals(stamps)) return;
            stamps = now; // also if they cannot be read: they are not tried again before they change again
            reading.read();
            LOG.info(
                    "{} meet the changed key and certificates of {}",
                    whom,
                    config.keyStore().file());
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot take the changed TLS files, the old ones stay in use: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        watching.shutdownNow();
    }
}
