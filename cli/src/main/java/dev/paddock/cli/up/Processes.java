package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The servers and the sidecar as processes: starts them, starts again what dies, stops them in order. Owned by the thread of
 * {@code up}; the ends of processes come to it through a queue.
 */
final class Processes {
    /**
     * How long each part of a stop may take before what is left is killed.
     *
     * @param leader also of one server that stands alone or is restarted
     */
    record Patience(Duration sidecar, Duration followers, Duration leader) {
        /** Sums up to less than the five seconds that a stop may take. */
        static final Patience USUAL =
                new Patience(Duration.ofMillis(1500), Duration.ofMillis(1500), Duration.ofMillis(1200));

        /** For processes that write an archive of their classes as they end. */
        static final Patience RECORDING =
                new Patience(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    private final SortedMap<Integer, Child> servers = new TreeMap<>();
    private @Nullable Child sidecar;
    private final LinkedBlockingQueue<Child> ended = new LinkedBlockingQueue<>(); // at most one entry for each start
    private final PriorityQueue<Restart> restarts = new PriorityQueue<>(Comparator.comparingLong(Restart::dueNanos));
    private final Patience patience;
    private final Consumer<String> screen;

    /** A dead process and when it is to be started again. */
    private record Restart(Child child, long dueNanos) {}

    Processes(Patience patience, Consumer<String> screen) {
        this.patience = patience;
        this.screen = screen;
    }

    void startServer(int id, List<String> command, StateFolder state) throws IOException {
        servers.put(id, Child.start("server " + id, command, state.log("server-" + id), ended::add));
    }

    void startSidecar(List<String> command, StateFolder state) throws IOException {
        sidecar = Child.start("sidecar", command, state.log("sidecar"), ended::add);
    }

    long serverPid(int id) {
        return server(id).pid();
    }

    private Child server(int id) {
        Child server = servers.get(id);
        if (server == null) throw new IllegalArgumentException("no server " + id);
        return server;
    }

    long sidecarPid() {
        if (sidecar == null) throw new IllegalStateException("no sidecar");
        return sidecar.pid();
    }

    /** @throws CommandFailed if a process has ended: while the ensemble starts, that is a failure of the whole */
    void requireAlive() {
        Child dead = ended.peek();
        if (dead == null) return;
        String words = dead.lastWords();
        throw new CommandFailed(dead.name() + " ended with exit code " + dead.exitCode() + " while starting"
                + (words.isEmpty() ? "" : ": " + words) + "; its log is " + dead.log());
    }

    /** Waits at most this long, and starts again what has died meanwhile; each time it dies young it waits longer. */
    void tend(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            startDue();
            long until =
                    restarts.isEmpty() ? end : Math.min(end, restarts.peek().dueNanos());
            Child dead = ended.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (dead != null && (dead.isAlive() || !isWanted(dead)))
                continue; // restarted or stopped on purpose since then
            if (dead != null) {
                Duration pause = dead.pauseBeforeRestart();
                screen.accept(dead.name() + " (pid " + dead.pid() + ") ended with exit code " + dead.exitCode()
                        + ", starting it again" + (pause.isZero() ? "" : " in " + pause.toMillis() + " ms"));
                restarts.add(new Restart(dead, System.nanoTime() + pause.toNanos()));
            } else if (System.nanoTime() - end >= 0) {
                return;
            }
        }
    }

    /** Stops a server for good. */
    void stopServer(int id) {
        stopServer(id, patience.leader());
    }

    /** Stops a server for good; it is killed if it takes longer than that. */
    void stopServer(int id, Duration atMost) {
        Child server = server(id);
        servers.remove(id);
        restarts.removeIf(restart -> restart.child() == server);
        stop(List.of(server), atMost);
    }

    /** The servers that are kept running. */
    NavigableSet<Integer> servers() {
        return new TreeSet<>(servers.keySet());
    }

    /** Stops a server and starts it again, on purpose. */
    void restartServer(int id) throws IOException {
        Child server = server(id);
        stop(List.of(server), patience.leader());
        server.restart();
    }

    private boolean isWanted(Child child) {
        return child == sidecar || servers.containsValue(child);
    }

    private void startDue() {
        while (!restarts.isEmpty() && restarts.peek().dueNanos() - System.nanoTime() <= 0) {
            Child child = restarts.remove().child();
            try {
                child.restart();
                screen.accept(child.name() + " runs again as pid " + child.pid());
            } catch (IOException failed) {
                screen.accept(child.name() + " cannot be started: " + failed.getMessage());
                restarts.add(new Restart(
                        child, System.nanoTime() + Duration.ofSeconds(10).toNanos()));
            }
        }
    }

    /**
     * Stops all: the sidecar while it can still release its locks, then the followers, the leader last. What does not end in
     * time is killed. Starts nothing again.
     *
     * @param roles asked when it is about time, so that the leader is the one of now
     */
    void stop(Supplier<Roles> roles) {
        Integer leader = servers.size() < 2 ? null : roles.get().leader().orElse(null);
        List<Child> followers = new ArrayList<>();
        for (Map.Entry<Integer, Child> server : servers.entrySet()) {
            if (!server.getKey().equals(leader)) followers.add(server.getValue());
        }
        if (sidecar != null) stop(List.of(sidecar), patience.sidecar());
        stop(followers, patience.followers());
        if (leader != null) stop(List.of(server(leader)), patience.leader());
    }

    private void stop(Collection<Child> children, Duration atMost) {
        children.forEach(Child::terminate);
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Child child : children) {
            if (!child.awaitEndOrKill(deadline)) screen.accept(child.name() + " did not stop in time and was killed");
        }
    }
}
