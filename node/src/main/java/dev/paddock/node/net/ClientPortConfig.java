package dev.paddock.node.net;

import dev.paddock.node.front.AuthConfig;
import dev.paddock.node.front.FrontLimits;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a client port is built from.
 *
 * @param listeners        where to listen, and how; at least one
 * @param loops            client loops, at least 1
 * @param port             bounds of the port as a whole
 * @param tickMillis       how often newcomers are looked after and the core hears which sessions are alive
 * @param limits           bounds of each loop
 * @param auth             how clients may prove who they are
 * @param isWordAllowed    the whitelist of four letter words; {@code srvr} is always answered, as by Apache ZooKeeper
 * @param view             what four letter words show of the rest of the server
 * @param broken           told of a broken invariant in a client loop; it stops the server
 */
public record ClientPortConfig(
        List<ClientListener> listeners,
        int loops,
        ClientLimits port,
        int tickMillis,
        FrontLimits limits,
        AuthConfig auth,
        Predicate<String> isWordAllowed,
        ServerView view,
        Consumer<Throwable> broken) {

    /** As many client loops as leave the core, the log and the kernel their share. */
    public static int defaultLoops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
}
