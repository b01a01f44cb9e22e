package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;

/** Waits until an ensemble and its sidecar serve. */
final class Readiness {
    private static final Duration STARTING_MAX = Duration.ofSeconds(60);
    private static final Duration STRAGGLERS_MAX = Duration.ofSeconds(2);
    private static final int LOOK_EACH_MILLIS = 30;
    private static final int HTTP_TIMEOUT_MILLIS = 1000;

    private Readiness() {}

    /**
     * Waits for a leader; for the other servers, too, unless they take much longer.
     *
     * @throws CommandFailed if a process ends meanwhile or it takes too long
     */
    static Roles awaitLeader(Processes processes, Ports ports, Collection<Integer> servers)
            throws InterruptedException {
        long start = System.nanoTime();
        long leaderKnown = 0;
        while (true) {
            processes.requireAlive();
            Roles roles = Roles.ask(ports, servers);
            boolean hasLeader = roles.leader().isPresent();
            if (hasLeader && leaderKnown == 0) leaderKnown = System.nanoTime();
            if (hasLeader && (roles.byServer().size() == servers.size() || passed(leaderKnown, STRAGGLERS_MAX)))
                return roles;
            requireTime(start, "no leader was elected");
            Thread.sleep(LOOK_EACH_MILLIS);
        }
    }

    /** Likewise for the sidecar. */
    static void awaitSidecar(Processes processes, Ports ports) throws InterruptedException {
        long start = System.nanoTime();
        while (!isReady(ports)) {
            processes.requireAlive();
            requireTime(start, "the sidecar did not get ready");
            Thread.sleep(LOOK_EACH_MILLIS);
        }
    }

    private static void requireTime(long startNanos, String failure) {
        if (passed(startNanos, STARTING_MAX)) {
            throw new CommandFailed(
                    failure + " within " + STARTING_MAX.toSeconds() + " s; see the logs in the state folder");
        }
    }

    private static boolean passed(long sinceNanos, Duration atMost) {
        return System.nanoTime() - sinceNanos > atMost.toNanos();
    }

    private static boolean isReady(Ports ports) {
        try {
            var url = URI.create("http://" + Ports.at(ports.sidecarAdmin()) + "/health/ready")
                    .toURL();
            var connection = (HttpURLConnection) url.openConnection();
            connection.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
            connection.setReadTimeout(HTTP_TIMEOUT_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }
}
