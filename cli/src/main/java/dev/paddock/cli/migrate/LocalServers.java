package dev.paddock.cli.migrate;

import dev.paddock.cli.CommandFailed;
import dev.paddock.cli.up.Launch;
import dev.paddock.cli.up.PortHolder;
import dev.paddock.operator.migration.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Stops and starts the members' processes on this machine. */
final class LocalServers {
    private static final int STOP_SECONDS_MAX = 60;
    private static final String PID_FILE = "zookeeper_server.pid"; // as zkServer.sh writes it into dataDir

    private final Roster roster;
    private final Optional<String> zookeeper; // command that starts it, without the file
    private final Optional<Path> logs;
    private final Launch launch;

    LocalServers(Roster roster, Optional<String> zookeeper, Optional<Path> logs, Launch launch) {
        this.roster = roster;
        this.zookeeper = zookeeper;
        this.logs = logs;
        this.launch = launch;
    }

    /** @throws CommandFailed unless the files of every member are on this machine, and there is a folder for output */
    void requireAll() {
        List<Long> absent = roster.places().stream()
                .filter(place -> place.config().filter(Place.Config::isLocal).isEmpty())
                .map(Place::id)
                .toList();
        if (!absent.isEmpty()) {
            throw new CommandFailed("the zoo.cfg of members " + absent + " was not named; --local needs that of each,"
                    + " with its files on this machine");
        }
        try {
            if (logs.isPresent()) Files.createDirectories(logs.get());
        } catch (IOException e) {
            throw new CommandFailed(
                    "--logs: " + logs.orElseThrow() + " is no folder and cannot be made one (" + e + ")", e);
        }
    }

    /** The process of a member: that alone which listens on both its client and its election port. */
    ProcessHandle process(long id) {
        Place place = roster.place(id);
        int client = place.client().orElseThrow().port();
        int election = place.spec().election().port();
        NavigableSet<Long> both = holders(place);
        if (both.size() > 1) {
            throw new CommandFailed("processes " + both + " all listen on ports " + client + " and " + election
                    + ", so which one is member " + id + " is not clear; stop it by hand, then run this again");
        }
        return both.stream()
                .findFirst()
                .or(() -> written(place))
                .flatMap(ProcessHandle::of)
                .orElseThrow(() -> new CommandFailed("no process of this machine that this user may look at listens on"
                        + " ports " + client + " and " + election + "; run this as the user of member " + id
                        + ", or stop it by hand and run this again"));
    }

    /** All that listen on both ports of a member that has a client port; ascending. */
    static NavigableSet<Long> holders(Place place) {
        NavigableSet<Long> both = PortHolder.pids(place.client().orElseThrow().port());
        both.retainAll(PortHolder.pids(place.spec().election().port()));
        return both;
    }

    /** Where ports cannot be looked up. */
    private static Optional<Long> written(Place place) {
        Path file = place.config().orElseThrow().node().storage().dataDir().resolve(PID_FILE);
        try {
            return Optional.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Asks it to end (SIGTERM) and waits for that.
     *
     * @throws CommandFailed if it does not; it is not killed
     */
    void stop(long id, ProcessHandle process) throws InterruptedException {
        if (!process.destroy()) {
            throw new CommandFailed("process " + process.pid() + " of member " + id
                    + " cannot be asked to end; run this" + " as its user");
        }
        try {
            process.onExit().get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CommandFailed(
                    "process " + process.pid() + " of member " + id + " was asked to end " + STOP_SECONDS_MAX
                            + " s ago and has not; look after it, then run this again",
                    e);
        }
    }

    /** Processes with the member's zoo.cfg among their words: one may be starting, its ports not open yet. */
    List<Long> starting(long id) {
        Path file = config(id).toAbsolutePath().normalize();
        long self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(each -> each.pid() != self && isServerOf(each, file))
                .map(ProcessHandle::pid)
                .toList();
    }

    private static boolean isServerOf(ProcessHandle process, Path file) {
        List<String> words = words(process);
        boolean isServer = words.contains("node") || words.stream().anyMatch(word -> word.contains("QuorumPeerMain"));
        return isServer && words.stream().anyMatch(word -> word.equals(file.toString()) || isSame(process, word, file));
    }

    /** Its command line; Java's own way cuts off what comes after a long class path. */
    static List<String> words(ProcessHandle process) {
        try {
            Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return List.of(Files.readString(line, StandardCharsets.ISO_8859_1).split("\0", -1));
        } catch (IOException notLinuxOrEnded) {
            return List.of(process.info().arguments().orElse(new String[0]));
        }
    }

    private static boolean isSame(ProcessHandle process, String word, Path file) {
        try {
            Path folder = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
            return folder.resolve(word).normalize().equals(file);
        } catch (IOException | IllegalArgumentException e) {
            return false; // ended, another user's, or no path
        }
    }

    /** Starts a server that lives on when this process ends, and pays no heed to this terminal's Ctrl-C. */
    Process start(long id, Engine engine) throws IOException {
        String file = config(id).toString();
        List<String> command = switch (engine) {
            case PADDOCK -> launch.detached("node", List.of("node", file));
            case ZOOKEEPER ->
                List.of(
                        "/bin/sh",
                        "-c",
                        "trap '' INT HUP; set -- /bin/sh -c 'exec '\"$1\"' \"$0\"' \"$2\"; " + Launch.APART
                                + "exec \"$@\"",
                        "paddock",
                        zookeeper.orElseThrow(),
                        file);
        };
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(id).toFile()))
                .start();
    }

    private Path config(long id) {
        return roster.place(id).config().orElseThrow().file();
    }

    /** Where its output goes. */
    Path log(long id) {
        String name = config(id).getFileName() + ".log";
        return logs.map(folder -> folder.resolve(name))
                .orElseGet(() -> config(id).resolveSibling(name));
    }

    /** The last line of that which is no stack frame. */
    String lastWords(long id) {
        try {
            List<String> lines = Files.readString(log(id), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                    .toList();
            return lines.isEmpty() ? "nothing" : lines.getLast();
        } catch (IOException e) {
            return "nothing that can be read";
        }
    }
}
