package org.apache.curator.test;

import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import java.io.IOException;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Paddock's node for Curator's {@code TestingServer} and {@code TestingCluster}, which run Apache ZooKeeper's through the
 * class of this name in curator-test 5.9.0. Never shipped.
 *
 * <p>The node is the production one, its threads, ports and files its own, but in the JVM of the tests, as Apache's is: the tests
 * set system properties before they start a server, and there are hundreds of them.
 */
public final class ZooKeeperServerEmbeddedAdapter implements ZooKeeperMainFace {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperServerEmbeddedAdapter.class);
    private static final long START_MAX_NANOS = TimeUnit.MINUTES.toNanos(1); // as in the class this stands for
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Node node;

    @Override
    public void start(QuorumPeerConfigBuilder builder) {
        try {
            Properties properties = builder.buildProperties();
            properties.setProperty("admin.enableServer", "false");
            properties.setProperty("4lw.commands.whitelist", "*");
            if (QuorumPeerConfig.isReconfigEnabled()) properties.setProperty("reconfigEnabled", "true"); // a test says so there
            if (properties.getProperty("clientPort", "0").equals("0")) {
                properties.setProperty("clientPort", Integer.toString(freePort()));
            }
            node = Node.start(
                    read(properties), failure -> LOG.error("the server failed; the tests go on without it", failure));
            if (properties.stringPropertyNames().stream().noneMatch(key -> key.startsWith("server."))) awaitServing();
        } catch (Exception e) { // what buildProperties declares
            throw new FailedServerStartException(e);
        }
    }

    /** Below the ports that diallers get, of which one might have it before the server does. */
    private static int freePort() {
        int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
        try {
            new ServerSocket(port).close();
            return port;
        } catch (IOException taken) {
            return freePort();
        }
    }

    /** The node reads files only, and writes them when members change. The folder is deleted by the test. */
    private static NodeConfig read(Properties properties) throws IOException, ConfigException {
        Path folder = Path.of(properties.getProperty("dataDir"));
        Path file = Files.createDirectories(folder).resolve("zoo.cfg"); // a test may close a server and start one there anew
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return NodeConfig.read(file);
    }

    /** Not for a member of an ensemble: it serves when others have come, and the tests start one after the other. */
    private void awaitServing() {
        long start = System.nanoTime();
        while (!node.state().equals("standalone")) {
            if (System.nanoTime() - start > START_MAX_NANOS) throw new IllegalStateException("not serving: " + node.state());
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public int getClientPort() {
        return node.clientAddress().getPort();
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void close() {
        if (node != null) node.close();
    }
}
