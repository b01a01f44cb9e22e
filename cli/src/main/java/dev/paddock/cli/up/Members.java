package dev.paddock.cli.up;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.operator.planner.Abilities;
import dev.paddock.operator.planner.DesiredEnsemble;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.ObservedServer;
import dev.paddock.operator.planner.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The servers of the ensemble, as the planner sees them and as its steps change them. Owned by the thread of {@code up}. */
final class Members {
    /** Small, since several share one machine; {@code PADDOCK_JAVA_OPTS} comes after it. */
    private static final List<String> FLAGS = List.of("-Xmx256m");

    private final int count; // fixed: no server can change the members of an ensemble yet
    private final Ports ports;
    private final StateFolder state;
    private final Launch launch;
    private final Processes processes;
    private final SortedMap<Integer, String> revisions = new TreeMap<>(); // that each was started with
    private Roles seen = new Roles(new TreeMap<>());

    Members(int count, Ports ports, StateFolder state, Launch launch, Processes processes) {
        this.count = count;
        this.ports = ports;
        this.state = state;
        this.launch = launch;
        this.processes = processes;
    }

    /** Starts all of them. */
    void start(ClusterSpec spec) throws IOException {
        for (int id = 1; id <= count; id++) {
            List<String> words = List.of("node", write(id, spec).toString());
            List<String> flags = new ArrayList<>(FLAGS);
            if (id == count) flags.addAll(launch.recordingFlags("node")); // of a fresh ensemble the last one leads
            processes.startServer(id, launch.command("node", flags, words), state);
        }
    }

    /** Restarts one, with the configuration of now. */
    void restart(int id, ClusterSpec spec) throws IOException {
        var _ = write(id, spec);
        processes.restartServer(id);
    }

    private Path write(int id, ClusterSpec spec) throws IOException {
        Path file = ServerFiles.write(state.server(id), id, count, ports, spec.config());
        revisions.put(id, revision(spec));
        return file;
    }

    private static String revision(ClusterSpec spec) {
        return spec.config().toString();
    }

    static DesiredEnsemble desired(ClusterSpec spec) {
        return new DesiredEnsemble(spec.replicas(), revision(spec), spec.paused());
    }

    /** Looks at all of them. A follower is in sync if it has what the leader had at the look before this one. */
    ObservedEnsemble observe() {
        long committed =
                seen.leader().map(leader -> seen.byServer().get(leader).zxid()).orElse(Long.MAX_VALUE);
        seen = Roles.ask(ports, count);
        List<ObservedServer> servers = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            Roles.Answer answer = seen.byServer().get(id);
            boolean inSync = answer != null && (answer.leads() || answer.zxid() >= committed);
            servers.add(new ObservedServer(id, role(answer), answer != null, inSync, revisions.get(id)));
        }
        return new ObservedEnsemble(ids(), new TreeSet<>(), servers, Abilities.NONE);
    }

    private static Role role(Roles.@org.jspecify.annotations.Nullable Answer answer) {
        if (answer == null) return Role.UNKNOWN;
        return answer.leads() ? Role.LEADER : answer.mode().equals("observer") ? Role.OBSERVER : Role.FOLLOWER;
    }

    private NavigableSet<Integer> ids() {
        NavigableSet<Integer> ids = new TreeSet<>();
        IntStream.rangeClosed(1, count).forEach(ids::add);
        return ids;
    }
}
