package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.operator.config.KeyWriter;
import dev.paddock.operator.planner.Planner;
import dev.paddock.operator.planner.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The course of {@code paddock up}: checks all, starts all, waits until it serves, follows the manifests, stops all. Whatever
 * fails on the way, nothing stays half-started.
 */
public final class Up {
    private static final Duration LOOK_EACH = Duration.ofMillis(300);
    private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(4);

    /**
     * What the user asked for.
     *
     * @param files     manifests, at least one
     * @param state     the state folder; empty for the usual one
     * @param ephemeral whether the state is thrown away at the end
     * @param portShift see {@link Ports}
     * @param recording where archives of classes are to be written for later runs; it ends then as soon as it is ready
     */
    public record Options(
            List<Path> files, Optional<Path> state, boolean ephemeral, int portShift, Optional<Path> recording) {
        private StateFolder hold() {
            return ephemeral
                    ? StateFolder.holdEphemeral(state.orElse(null))
                    : StateFolder.hold(state.orElse(Path.of(".paddock")));
        }
    }

    private final Options options;
    private final Ports ports;
    private final Consumer<String> screen;
    private final Processes processes;
    private final long startNanos = System.nanoTime();
    private SortedMap<String, String> written = new TreeMap<>(); // what the keys were last brought to
    private boolean isChanging; // members come or go
    private final Set<String> said = new HashSet<>(); // reasons told since the last edit: each is told once

    /** @param screen takes each line that the user is to read */
    public Up(Options options, Consumer<String> screen) {
        this.options = options;
        this.ports = new Ports(options.portShift());
        this.screen = screen;
        this.processes = new Processes(
                options.recording().isPresent() ? Processes.Patience.RECORDING : Processes.Patience.USUAL, screen);
    }

    /**
     * Runs until it is interrupted; then everything has been stopped.
     *
     * @throws CommandFailed if it cannot start; then nothing runs
     */
    public void run() throws InterruptedException, IOException {
        ManifestFiles files = new ManifestFiles(options.files());
        Desired desired = Desired.read(options.files());
        try (StateFolder state = options.hold()) {
            NavigableSet<Integer> ids = state.servers();
            if (ids.isEmpty()) ids = Members.desired(desired.spec()).voters(); // observers join them
            PortCheck.requireFree(ports.all(ids));
            try {
                Launch launch = Launch.ofThisProcess(options.recording().orElse(null));
                Members members = new Members(ports, state, launch, processes, new ZooKeeperJars(screen));
                start(desired, ids, state, members, launch);
                showThatItIsReady(desired, state, members);
                if (options.recording().isPresent()) Rehearsal.run(ports, desired);
                else follow(files, desired, members, state);
            } finally {
                stop();
            }
        }
    }

    private void start(Desired desired, NavigableSet<Integer> ids, StateFolder state, Members members, Launch launch)
            throws IOException, InterruptedException {
        screen.accept(
                "starting " + desired.cluster() + ": " + servers(ids) + " and a sidecar, state in " + state.folder());
        state.putLogsAside();
        members.start(ids, desired.spec());
        List<String> words = List.of(
                "sidecar",
                "--servers=" + ports.connectString(ports.everyServer()), // also of those that may come
                "--listen=" + Ports.at(ports.sidecar()),
                "--admin=" + Ports.at(ports.sidecarAdmin()),
                "--zk-listen=" + Ports.at(ports.proxy()),
                "--state-dir=" + state.sidecar());
        processes.startSidecar(launch.command("sidecar", launch.recordingFlags("sidecar"), words), state);
    }

    private void showThatItIsReady(Desired desired, StateFolder state, Members members)
            throws InterruptedException, IOException {
        Roles roles = Readiness.awaitLeader(processes, ports, processes.servers());
        screen.accept("server " + roles.leader().orElseThrow() + " leads after " + seconds());
        try {
            writeKeys(desired, state);
        } catch (ClientException failed) {
            throw new CommandFailed("the config keys cannot be written: " + failed.getMessage(), failed);
        }
        Readiness.awaitSidecar(processes, ports);
        screen.accept("ready after " + seconds());
        screen.accept("");
        Endpoints.table(processes, ports, members, roles).forEach(screen);
        screen.accept("");
        screen.accept("Try:");
        Endpoints.tries(ports, desired.keys()).forEach(screen);
        screen.accept("");
        String files = options.files().stream().map(Path::toString).collect(Collectors.joining(", "));
        screen.accept("Edits of " + files + " are followed. Ctrl-C stops all of it.");
    }

    private String seconds() {
        return String.format("%.1f s", (System.nanoTime() - startNanos) / 1e9);
    }

    /** @throws ClientException if the ensemble does not answer; nothing was written then, or all of it */
    private void writeKeys(Desired desired, StateFolder state) throws InterruptedException, IOException {
        Set<String> gone = new TreeSet<>(state.keysOfEarlierRuns());
        gone.removeAll(desired.keys().keySet());
        try (Client client = Client.builder(ports.connectString(processes.servers()))
                .sessionTimeout(KEYS_TIMEOUT)
                .start()) {
            int changes = new KeyWriter(client).apply(desired.values(), gone);
            if (changes > 0) screen.accept(changes + (changes == 1 ? " config key" : " config keys") + " written");
        }
        written = desired.keys();
        state.rememberKeys(written.keySet());
    }

    private void follow(ManifestFiles files, Desired first, Members members, StateFolder state)
            throws InterruptedException, IOException {
        Desired desired = first;
        EngineChange engines = new EngineChange(members, screen);
        while (true) {
            processes.tend(LOOK_EACH);
            if (files.changed()) {
                try {
                    desired = Desired.read(options.files());
                    said.clear();
                } catch (CommandFailed refused) {
                    screen.accept(refused.getMessage() + "; going on as before");
                }
            }
            takeOneStep(desired, members, engines);
            if (!desired.keys().equals(written)) tryToWriteKeys(desired, state);
        }
    }

    private void tryToWriteKeys(Desired desired, StateFolder state) throws InterruptedException, IOException {
        try {
            writeKeys(desired, state);
        } catch (ClientException failed) {
            sayOnce("the config keys cannot be written yet: " + failed.getMessage());
        }
    }

    private void takeOneStep(Desired desired, Members members, EngineChange engines)
            throws InterruptedException, IOException {
        switch (Planner.next(Members.desired(desired.spec()), members.observe())) {
            case Step.Done() -> {
                sayThatItIsDone();
                engines.takeOneStep(desired.spec());
            }
            case Step.Wait(String why) -> sayOnce(why);
            case Step.Refuse(String why) -> sayOnce(why);
            case Step.Form _ -> {} // nobody has said yet who the members are
            case Step.Start(int id) -> start(id, desired, members);
            case Step.Restart(int id) -> {
                screen.accept("restarting server " + id + ", whose configuration has changed");
                members.restart(id, desired.spec());
            }
            case Step.AddObserver(int id) -> say("server " + id + " joins as an observer", members.addObserver(id));
            case Step.Promote(int id) -> say("server " + id + " has caught up and gets a vote", members.promote(id));
            case Step.HandOver(int from, int _) -> handOver(from, desired, members);
            case Step.Remove(int id) -> say("server " + id + " is taken out of the members", members.remove(id));
            case Step.Listen _ -> {} // of pods only
            case Step.Stop(int id) -> {
                members.stop(id);
                screen.accept("server " + id + " is stopped");
            }
        }
    }

    /** Apache's leaders cannot be asked for that; the others elect one while it restarts. */
    private void handOver(int from, Desired desired, Members members) throws InterruptedException, IOException {
        switch (members.engine(from)) {
            case PADDOCK -> say("server " + from + " hands leadership over", members.handOver(from));
            case ZOOKEEPER -> {
                screen.accept("restarting server " + from + ", so that another one leads");
                members.restart(from, desired.spec());
            }
        }
    }

    private void start(int id, Desired desired, Members members) throws IOException, InterruptedException {
        try {
            members.start(id, desired.spec());
            isChanging = true;
            screen.accept("starting server " + id);
        } catch (CommandFailed portInUse) {
            sayOnce("server " + id + " cannot be started yet: " + portInUse.getMessage());
        }
    }

    private void say(String done, Optional<String> refusal) {
        if (refusal.isEmpty()) {
            isChanging = true;
            screen.accept(done);
        } else {
            sayOnce(done + " not yet: " + refusal.get());
        }
    }

    private void sayThatItIsDone() {
        if (!isChanging) return;
        isChanging = false;
        said.clear();
        screen.accept(servers(processes.servers()) + " now");
    }

    private static String servers(NavigableSet<Integer> ids) {
        return ids.size() + (ids.size() == 1 ? " server" : " servers");
    }

    private void sayOnce(String why) {
        if (said.add(why)) screen.accept(why);
    }

    private void stop() {
        boolean interrupted = Thread.interrupted(); // from now on nothing may be cut short
        screen.accept("stopping");
        processes.stop(() -> Roles.ask(ports, processes.servers()));
        if (interrupted) Thread.currentThread().interrupt();
    }
}
