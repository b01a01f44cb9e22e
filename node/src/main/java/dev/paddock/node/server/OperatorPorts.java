package dev.paddock.node.server;

import dev.paddock.node.admin.AdminServer;
import dev.paddock.node.admin.Inside;
import dev.paddock.node.admin.PrometheusPort;
import dev.paddock.node.config.AdminConfig;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP ports of operators. One that cannot be had is named in a warning, and the server goes on without it, as Apache
 * ZooKeeper's: who only watches must not keep clients waiting.
 */
record OperatorPorts(Optional<AdminServer> admin, Optional<PrometheusPort> prometheus) {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorPorts.class);

    /** What opens one of them. */
    private interface Opening<T> {
        T open() throws IOException;
    }

    static OperatorPorts open(Inside inside, ClosingStack parts) {
        AdminConfig config = inside.config().admin();
        Optional<AdminServer> admin = config.isEnabled()
                ? open("admin commands", config.address(), () -> AdminServer.open(inside), parts)
                : Optional.empty();
        Optional<PrometheusPort> prometheus = config.prometheus()
                .flatMap(address -> open("Prometheus", address, () -> PrometheusPort.open(address, inside), parts));
        return new OperatorPorts(admin, prometheus);
    }

    private static <T extends AutoCloseable> Optional<T> open(
            String what, Object address, Opening<T> opening, ClosingStack parts) {
        try {
            T port = parts.closing(opening.open());
            LOG.info("listening for {} at {}", what, address);
            return Optional.of(port);
        } catch (IOException e) {
            LOG.warn("cannot listen for {} at {}; going on without: {}", what, address, e.getMessage());
            return Optional.empty();
        }
    }
}
