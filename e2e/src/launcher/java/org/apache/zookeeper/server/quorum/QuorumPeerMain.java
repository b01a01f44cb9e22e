package org.apache.zookeeper.server.quorum;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.zookeeper.server.ZooKeeperServerMain;

/** Runs a Paddock server where a test harness starts Apache ZooKeeper's class of this name. Never shipped. */
public final class QuorumPeerMain {
    private static final int INVALID_INVOCATION = 2; // Apache ZooKeeper 3.9's exit codes

    private QuorumPeerMain() {}

    /** Takes the path of a {@code zoo.cfg}, or what {@link ZooKeeperServerMain} takes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 1) {
            System.exit(ZooKeeperServerMain.run(Path.of(arguments[0])));
        }
        if (arguments.length == 0) {
            System.err.println("Usage: QuorumPeerMain configfile");
            System.exit(INVALID_INVOCATION);
        }
        ZooKeeperServerMain.main(arguments);
    }
}
