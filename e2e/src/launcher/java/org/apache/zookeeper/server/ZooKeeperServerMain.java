package org.apache.zookeeper.server;

import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.NodeMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs one Paddock server where a test harness starts Apache ZooKeeper's class of this name. Never shipped. */
public final class ZooKeeperServerMain {
    private static final int INVALID_INVOCATION = 2; // Apache ZooKeeper 3.9's exit codes

    private ZooKeeperServerMain() {}

    /** Takes the path of a {@code zoo.cfg}, or {@code port datadir [ticktime] [maxcnxns]}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments.length) {
            case 1 -> System.exit(run(Path.of(arguments[0])));
            case 2, 3, 4 -> System.exit(run(written(arguments)));
            default -> {
                System.err.println("Usage: ZooKeeperServerMain configfile | port datadir [ticktime] [maxcnxns]");
                System.exit(INVALID_INVOCATION);
            }
        }
    }

    /** Returns the exit code, which tells a configuration that is wrong from all else that stops a server. */
    public static int run(Path zooCfg) throws InterruptedException {
        try {
            NodeConfig.read(zooCfg);
        } catch (ConfigException e) {
            System.err.println("Invalid config, exiting abnormally: " + e.getMessage());
            return INVALID_INVOCATION;
        }
        return NodeMain.run(zooCfg);
    }

    /** The server reads files only, so the arguments become one in the data folder. */
    private static Path written(String[] arguments) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("clientPort=").append(arguments[0]).append('\n');
        text.append("dataDir=").append(arguments[1]).append('\n');
        if (arguments.length > 2) text.append("tickTime=").append(arguments[2]).append('\n');
        if (arguments.length > 3) text.append("maxClientCnxns=").append(arguments[3]).append('\n');
        Path file = Files.createDirectories(Path.of(arguments[1])).resolve("zoo.cfg");
        return Files.writeString(file, text);
    }
}
