package dev.paddock.node.admin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * An admin command, of Apache ZooKeeper 3.9.5 if it is not {@code hand_over}.
 *
 * @param names       its own name, then what else it may be called
 * @param right       what it takes to run it
 * @param needsServer whether it is refused while the server serves nobody
 */
record Command(List<String> names, Right right, boolean needsServer, Body body) {

    enum Right {
        /** Everybody who reaches the port. */
        READ,
        /** It sets back counts, or a mask that nothing acts on. */
        RESET,
        /** It lets another server lead. */
        HAND_OVER,
        /** It takes a snapshot. */
        SNAPSHOT,
        /** It would replace all data. */
        RESTORE
    }

    /** What it does. */
    interface Body {
        /** The values of its answer. */
        Map<String, ?> values(Map<String, String> arguments)
                throws InterruptedException, ExecutionException, TimeoutException;
    }

    String name() {
        return names.getFirst();
    }
}
