package dev.paddock.node.config;

import dev.paddock.node.members.Address;
import java.util.Optional;

/**
 * The HTTP ports of operators.
 *
 * @param isEnabled        whether the admin port listens at all
 * @param address          where it does
 * @param commandUrl       the path its commands are under, with a slash before and none behind
 * @param idleMillis       how long a connection may do nothing
 * @param snapshotMillis   least time between two snapshots that are asked for
 * @param takesSnapshots   whether they may be asked for
 * @param prometheus       where metrics are shown to Prometheus; empty if they are not
 * @param exportsJvm       whether those of the JVM are among them
 */
public record AdminConfig(
        boolean isEnabled,
        Address address,
        String commandUrl,
        int idleMillis,
        int snapshotMillis,
        boolean takesSnapshots,
        Optional<Address> prometheus,
        boolean exportsJvm) {
    private static final String PROMETHEUS = "org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";
    private static final String DEFAULT_PROVIDER = "org.apache.zookeeper.metrics.impl.DefaultMetricsProvider";
    private static final String NO_PROVIDER = "org.apache.zookeeper.metrics.impl.NullMetricsProvider";

    static AdminConfig read(Settings settings) throws ConfigException {
        String enabled = settings.text("admin.enableServer").orElse("true");
        boolean isEnabled = !enabled.equalsIgnoreCase("false") && !enabled.equalsIgnoreCase("no");
        for (String key : new String[] {"admin.forceHttps", "admin.portUnification", "admin.needClientAuth"}) {
            if (settings.bool(key, false) && isEnabled) {
                settings.neglect(key, "is not supported yet: the admin port stays closed rather than open without TLS");
                isEnabled = false;
            }
        }
        String url = settings.text("admin.commandURL").orElse("/commands");
        return new AdminConfig(
                isEnabled,
                new Address(
                        settings.text("admin.serverAddress").orElse("0.0.0.0"),
                        settings.integer("admin.serverPort", 8080, 0, 65_535)),
                (url.startsWith("/") ? url : "/" + url).replaceAll("/+$", ""),
                settings.integer("admin.idleTimeout", 30_000, 1_000, Integer.MAX_VALUE),
                settings.integer("admin.rateLimiterIntervalInMS", 300_000, 0, Integer.MAX_VALUE),
                settings.flag("admin.snapshot.enabled", true),
                prometheus(settings),
                settings.flag("metricsProvider.exportJvmInfo", true));
    }

    private static Optional<Address> prometheus(Settings settings) throws ConfigException {
        String provider = settings.text("metricsProvider.className").orElse(DEFAULT_PROVIDER);
        Address address = new Address(
                settings.text("metricsProvider.httpHost").orElse("0.0.0.0"),
                settings.integer("metricsProvider.httpPort", 7000, 0, 65_535));
        if (provider.equals(PROMETHEUS)) {
            return Optional.of(address);
        }
        if (!provider.equals(DEFAULT_PROVIDER) && !provider.equals(NO_PROVIDER)) {
            settings.neglect("metricsProvider.className", provider + " is not known here; mntr shows the metrics");
        }
        return Optional.empty();
    }
}
