package dev.paddock.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that must know their port before they bind it. All have five digits and lie below those that Linux gives to
 * diallers (32768 and up): any connection of anybody could have one of these when the server comes to bind it. JVMs that run tests
 * side by side have different ones, also while those of a server that was killed are not bound.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;
    private static final int JVMS_MAX = 4; // side by side
    private static final int COUNT = (HIGHEST - LOWEST) / JVMS_MAX; // for each of them
    private static final int OWN_LOWEST = LOWEST + COUNT * (Integer.getInteger("paddock.fork", 0) % JVMS_MAX);

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet(); // by this process; none is given twice

    private FreePorts() {}

    /** A port of 127.0.0.1 on which nobody listens now. */
    public static int one() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(OWN_LOWEST, OWN_LOWEST + COUNT);
            if (isFree(port) && GIVEN.add(port)) return port;
        }
        throw new IllegalStateException("no free port found");
    }

    /** So many different ones. */
    public static int[] some(int count) {
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) ports[i] = one();
        return ports;
    }

    /** Whether nobody listens on a port of 127.0.0.1 now. */
    public static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
