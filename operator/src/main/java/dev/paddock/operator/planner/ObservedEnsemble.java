package dev.paddock.operator.planner;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An ensemble as it was just seen. Not from a cache that may lag: steps that stop or remove are decided on it.
 *
 * @param voters ids of the voting members in the committed configuration, ascending; empty: never formed
 * @param observers ids of the other members in it, ascending
 * @param servers those that have a process or pod, by id, members or not
 */
public record ObservedEnsemble(
        NavigableSet<Integer> voters,
        NavigableSet<Integer> observers,
        List<ObservedServer> servers,
        Abilities abilities) {

    public ObservedEnsemble {
        voters = sorted(voters);
        observers = sorted(observers);
        servers = servers.stream()
                .sorted(Comparator.comparingInt(ObservedServer::id))
                .toList();
    }

    /** How many of {@code voters} must live for anything to be decided. */
    public static int quorum(int voters) {
        return voters / 2 + 1;
    }

    /** The server of that id, if it has a process or pod. */
    public Optional<ObservedServer> server(int id) {
        return servers.stream().filter(s -> s.id() == id).findFirst();
    }

    /** The serving leader, if there is one. */
    public Optional<ObservedServer> leader() {
        return servers.stream()
                .filter(s -> s.serving() && s.role() == Role.LEADER)
                .findFirst();
    }

    /** Whether the server of that id serves. */
    public boolean serving(int id) {
        return server(id).map(ObservedServer::serving).orElse(false);
    }

    /** Whether it is a voter or an observer of the committed configuration. */
    public boolean isMember(int id) {
        return voters.contains(id) || observers.contains(id);
    }

    /** Voters that serve. */
    public int liveVoters() {
        return (int) voters.stream().filter(this::serving).count();
    }

    /** Whether enough voters serve for the ensemble to decide anything. */
    public boolean hasQuorum() {
        return !voters.isEmpty() && liveVoters() >= quorum(voters.size());
    }

    /** Whether a quorum would live if that voter were down. */
    public boolean survivesStopOf(int voter) {
        return liveVoters() - (serving(voter) ? 1 : 0) >= quorum(voters.size());
    }

    /** Whether a quorum of the rest would live if that voter were taken out of the configuration. */
    public boolean survivesRemovalOf(int voter) {
        return voters.size() > 1 && liveVoters() - (serving(voter) ? 1 : 0) >= quorum(voters.size() - 1);
    }

    private static NavigableSet<Integer> sorted(Collection<Integer> ids) {
        return Collections.unmodifiableNavigableSet(new TreeSet<>(ids));
    }
}
