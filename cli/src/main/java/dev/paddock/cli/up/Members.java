package dev.paddock.cli.up;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.Engine;
import dev.paddock.operator.planner.Abilities;
import dev.paddock.operator.planner.DesiredEnsemble;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.ObservedEnsemble;
import dev.paddock.operator.planner.ObservedServer;
import dev.paddock.operator.planner.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The servers of the ensemble, as the planner sees them and as its steps change them. Owned by the thread of {@code up}. */
final class Members {
    /** Small, since several share one machine; {@code PADDOCK_JAVA_OPTS} comes after it. */
    private static final List<String> FLAGS = List.of("-Xmx256m");
    /** Nobody waits for the end of a server that is replaced: the others serve. */
    private static final Duration LEAVING_MAX = Duration.ofSeconds(5);

    private final Ports ports;
    private final StateFolder state;
    private final Launch launch;
    private final Processes processes;
    private final String password;
    private final MemberChanges changes;
    private final ZooKeeperJars jars;
    private final SortedMap<Integer, Engine> engines = new TreeMap<>(); // whose server each runs
    private final SortedMap<Integer, String> revisions = new TreeMap<>(); // that each was started with
    private Membership membership = Membership.of(new TreeSet<>()); // as last heard of
    private Roles seen = new Roles(new TreeMap<>());

    Members(Ports ports, StateFolder state, Launch launch, Processes processes, ZooKeeperJars jars) throws IOException {
        this.ports = ports;
        this.state = state;
        this.launch = launch;
        this.processes = processes;
        this.jars = jars;
        this.password = state.password();
        this.changes = new MemberChanges(ports, password);
    }

    /** Starts all of these: of a new ensemble, or those that an earlier run left. */
    void start(NavigableSet<Integer> ids, ClusterSpec spec) throws IOException, InterruptedException {
        NavigableSet<Integer> voters = new TreeSet<>();
        for (int id : ids) {
            if (!files(id).isJoining()) voters.add(id);
        }
        membership = Membership.of(voters);
        for (int id : ids) {
            Path file = files(id).write(voters, spec.config(), password);
            // of a fresh ensemble the last one leads
            start(id, file, spec, id == ids.last() ? launch.recordingFlags("node") : List.of());
        }
    }

    /** Starts one that was not there: a member, or one that is about to join. */
    void start(int id, ClusterSpec spec) throws IOException, InterruptedException {
        PortCheck.requireFree(ports.ofServer(id));
        start(id, files(id).writeJoining(membership, spec.config(), password), spec, List.of());
    }

    private void start(int id, Path file, ClusterSpec spec, List<String> recording)
            throws IOException, InterruptedException {
        start(id, command(file, spec, recording), spec);
    }

    private void start(int id, List<String> command, ClusterSpec spec) throws IOException {
        processes.startServer(id, command, state);
        engines.put(id, spec.engine());
        revisions.put(id, revision(spec));
    }

    private List<String> command(Path file, ClusterSpec spec, List<String> recording)
            throws IOException, InterruptedException {
        List<String> flags = new ArrayList<>(FLAGS);
        return switch (spec.engine()) {
            case PADDOCK -> {
                flags.addAll(recording);
                yield launch.command("node", flags, List.of("node", file.toString()));
            }
            case ZOOKEEPER -> {
                flags.add("-XX:+UseSerialGC");
                yield launch.zookeeper(jars.folder(spec.askedVersion().orElseThrow()), flags, file);
            }
        };
    }

    /** Stops one and starts the server that is wanted now on the same files. */
    void replace(int id, ClusterSpec spec) throws IOException, InterruptedException {
        Path file = files(id).write(membership.voters(), spec.config(), password);
        List<String> command = command(file, spec, List.of()); // may take its time, or fail
        processes.stopServer(id, LEAVING_MAX);
        start(id, command, spec);
    }

    /** Whose server that member runs. */
    Engine engine(int id) {
        return engines.getOrDefault(id, Engine.PADDOCK);
    }

    /** Whether all that run are servers of that kind. */
    boolean allRun(Engine engine) {
        return processes.servers().stream().allMatch(id -> engine(id) == engine);
    }

    /** The {@code zoo.cfg} of each server that runs. */
    List<Path> configs() {
        return processes.servers().stream()
                .map(id -> state.server(id).resolve("zoo.cfg"))
                .toList();
    }

    /** Restarts one, with the configuration of now. */
    void restart(int id, ClusterSpec spec) throws IOException {
        files(id).write(membership.voters(), spec.config(), password);
        revisions.put(id, revision(spec));
        processes.restartServer(id);
    }

    /** Stops one that is no member any more. */
    void stop(int id) throws IOException {
        processes.stopServer(id);
        revisions.remove(id);
        engines.remove(id);
        files(id).retire();
    }

    /** Takes a running server in without a vote; says why not, as all that follow. */
    Optional<String> addObserver(int id) throws InterruptedException {
        return changes.join(id, "observer", membership);
    }

    Optional<String> promote(int id) throws InterruptedException {
        return changes.join(id, "participant", membership);
    }

    Optional<String> remove(int id) throws InterruptedException {
        return changes.leave(id, membership);
    }

    Optional<String> handOver(int leader) throws InterruptedException {
        return changes.handOver(leader);
    }

    private ServerFiles files(int id) {
        return new ServerFiles(state.server(id), id, ports);
    }

    private static String revision(ClusterSpec spec) {
        return spec.config().toString();
    }

    static DesiredEnsemble desired(ClusterSpec spec) {
        return new DesiredEnsemble(spec.replicas(), spec.observers(), revision(spec), spec.paused());
    }

    /** Looks at all of them. A follower is in sync if it has what the leader had at the look before this one. */
    ObservedEnsemble observe() {
        long committed =
                seen.leader().map(leader -> seen.byServer().get(leader).zxid()).orElse(Long.MAX_VALUE);
        NavigableSet<Integer> ids = processes.servers();
        seen = Roles.ask(ports, ids);
        seen.leader()
                .flatMap(leader -> FourLetterWord.ask(ports.client(leader), "conf"))
                .flatMap(Membership::parse)
                .ifPresent(heard -> membership = heard);
        List<ObservedServer> servers = new ArrayList<>();
        for (int id : ids) {
            Roles.Answer answer = seen.byServer().get(id);
            boolean inSync = answer != null && (answer.leads() || answer.zxid() >= committed);
            servers.add(new ObservedServer(id, role(answer), answer != null, inSync, revisions.get(id)));
        }
        return new ObservedEnsemble(membership.voters(), membership.observers(), servers, new Abilities(true, true));
    }

    private static Role role(Roles.@Nullable Answer answer) {
        if (answer == null) return Role.UNKNOWN;
        return answer.leads() ? Role.LEADER : answer.mode().equals("observer") ? Role.OBSERVER : Role.FOLLOWER;
    }
}
