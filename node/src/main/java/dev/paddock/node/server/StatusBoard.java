package dev.paddock.node.server;

import dev.paddock.node.net.ServerStatus;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.zab.Peer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** What the core shows of itself to other threads: one immutable value after each batch. */
final class StatusBoard {
    private final boolean standalone;
    private final CoreMeter meter;
    private volatile ServerStatus current = ServerStatus.NOT_SERVING;
    private volatile List<DigestAudit.Entry> digests = List.of();
    private final Queue<Waiting> waiters = new ConcurrentLinkedQueue<>(); // empty unless somebody stops or hands over

    private record Waiting(Predicate<ServerStatus> wanted, CompletableFuture<ServerStatus> found) {
        boolean look(ServerStatus now) {
            return found.isDone() || (wanted.test(now) && found.complete(now));
        }
    }

    /**
     * @param standalone whether this server runs without peers
     * @param meter      what the core thread counts
     */
    StatusBoard(boolean standalone, CoreMeter meter) {
        this.standalone = standalone;
        this.meter = meter;
    }

    ServerStatus current() {
        return current;
    }

    /** The digests of the tree at some of the last zxids, ascending. */
    List<DigestAudit.Entry> digests() {
        return digests;
    }

    /** The first status from now on that is as wanted. */
    CompletableFuture<ServerStatus> next(Predicate<ServerStatus> wanted) {
        var waiting = new Waiting(wanted, new CompletableFuture<>());
        waiters.add(waiting);
        waiting.look(current);
        return waiting.found();
    }

    /** On the core thread, after each batch. */
    void publish(Replica replica) {
        boolean isServing = replica.peer().serving() || replica.readOnly();
        if (isServing) digests = replica.digests().log();
        publish(isServing ? status(replica) : ServerStatus.NOT_SERVING);
    }

    /** Shows this; from one thread. */
    void publish(ServerStatus now) {
        current = now;
        waiters.removeIf(waiting -> waiting.look(now));
    }

    private ServerStatus status(Replica replica) {
        Peer.Role role = replica.peer().role();
        boolean leading = role == Peer.Role.LEADING;
        boolean readOnly = replica.readOnly();
        String state = standalone ? "standalone" : readOnly ? "read-only" : leading ? "leader" : follower(role);
        Optional<String> peerState =
                standalone || readOnly ? Optional.empty() : Optional.of(peerState(role) + " - broadcast");
        return new ServerStatus(
                true,
                replica.takesClients(),
                readOnly,
                state,
                peerState,
                standalone ? -1 : replica.peer().leader(),
                replica.committed(),
                leading && !standalone ? Optional.of(meter.proposalSizes()) : Optional.empty());
    }

    private static String follower(Peer.Role role) {
        return role == Peer.Role.OBSERVING ? "observer" : "follower";
    }

    private static String peerState(Peer.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
