package dev.paddock.node.server;

import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.net.NameLookups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server in the foreground, until a signal or a failure ends it. */
public final class NodeMain {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMain.class);

    private NodeMain() {}

    /**
     * Runs the server that a {@code zoo.cfg} describes.
     *
     * @return the exit code: 0 after a clean stop, 1 if it could not start or failed; then one line on stderr says why
     */
    public static int run(Path zooCfg) throws InterruptedException {
        NameLookups.remembersNothing();
        NodeConfig config;
        try {
            config = NodeConfig.read(zooCfg);
        } catch (ConfigException e) {
            return refused(e);
        }
        config.warnings().forEach(LOG::warn);
        if (!config.unknownKeys().isEmpty()) {
            LOG.warn("{}: no effect here: {}", zooCfg, String.join(", ", config.unknownKeys()));
        }
        CountDownLatch ended = new CountDownLatch(1);
        Node node;
        try {
            node = Node.start(config, e -> {
                LOG.error("the server cannot go on; a peer takes over", e);
                System.err.println("paddock node: " + e);
                ended.countDown();
            });
        } catch (IOException e) {
            return refused(e);
        }
        Thread onSignal = new Thread(node::close, "shutdown");
        Runtime.getRuntime().addShutdownHook(onSignal);
        ended.await(); // a signal ends the process through the hook
        Runtime.getRuntime().removeShutdownHook(onSignal);
        node.close();
        return 1;
    }

    private static int refused(Exception e) {
        LOG.debug("not started", e);
        System.err.println("paddock node: " + e.getMessage());
        return 1;
    }
}
