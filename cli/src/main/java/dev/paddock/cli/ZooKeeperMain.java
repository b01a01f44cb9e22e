package dev.paddock.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * Entry of a process that is one of Apache ZooKeeper's servers, whose classes are on its class path and not on ours. All that it adds
 * is that the server does not outlive {@code paddock up}.
 */
public final class ZooKeeperMain {
    private static final String SERVER = "org.apache.zookeeper.server.quorum.QuorumPeerMain";

    private ZooKeeperMain() {}

    /**
     * Runs the server.
     *
     * @param arguments those of Apache's own entry: the path of {@code zoo.cfg}
     */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        ParentWatch.startIfAsked();
        try {
            Class.forName(SERVER).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException("Apache ZooKeeper's server has failed", failed.getCause());
        }
    }
}
