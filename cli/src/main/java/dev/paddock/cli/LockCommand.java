package dev.paddock.cli;

import dev.paddock.cli.lock.Hold;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock lock}: runs a command while this machine's sidecar holds a lock for it. */
@Command(
        name = "lock",
        mixinStandardHelpOptions = true,
        synopsisHeading = "Usage: ",
        customSynopsis = "paddock lock NAME [--wait 10s] [--sidecar URL] -- COMMAND [ARGUMENT…]",
        description = "Run a command under a lock.",
        footer = {
            "",
            "The command finds the fencing token in PADDOCK_FENCING_TOKEN. Its exit code is ours. If the lock is lost",
            "while it runs, it is told to stop (SIGTERM) and our exit code is 1.",
            "",
            "Examples:",
            "  paddock lock nightly-backup -- ./backup.sh",
            "  paddock lock deploy --wait 10m -- make deploy"
        })
final class LockCommand implements Callable<Integer> {
    private static final int STOP_SECONDS_MAX = 10;

    @Parameters(index = "0", paramLabel = "NAME", description = "Letters, digits, '.', '_' and '-'.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, after --.")
    private List<String> words = List.of();

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "0s",
            description = "How long to wait while another has it, as 10s or 1m30s (default: not at all).")
    private String wait = "0s";

    @Option(
            names = "--sidecar",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:2190",
            description = "The sidecar's API (default: ${DEFAULT-VALUE}).")
    private URI sidecar = URI.create("http://127.0.0.1:2190");

    @Spec
    private CommandSpec spec;

    LockCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        String holder =
                System.getProperty("user.name") + "/" + ProcessHandle.current().pid();
        try (Hold hold = Hold.ask(sidecar, name, wait, holder)) {
            Process process = start(awaitGrant(hold));
            Thread hook = Thread.ofPlatform().unstarted(() -> stop(process)); // the lock must outlive the command
            Runtime.getRuntime().addShutdownHook(hook);
            Thread watch = Thread.ofVirtual().start(() -> stopWhenLost(hold, process));
            int exitCode = process.waitFor();
            watch.interrupt();
            return lost ? 1 : exitCode;
        }
    }

    private volatile boolean lost;

    private String awaitGrant(Hold hold) {
        while (true) {
            Hold.Event event = hold.next().orElseThrow(() -> new CommandFailed("lock " + name + " was not granted"));
            switch (event.name()) {
                case "granted" -> {
                    return event.data().path("fencingToken").asText();
                }
                case "lost" -> throw new CommandFailed("lock " + name + " was not granted");
                default -> {} // queued, heartbeats: wait on
            }
        }
    }

    private Process start(String fencingToken) {
        ProcessBuilder command = new ProcessBuilder(words).inheritIO();
        command.environment().put("PADDOCK_LOCK", name);
        command.environment().put("PADDOCK_FENCING_TOKEN", fencingToken);
        try {
            return command.start();
        } catch (IOException failed) {
            throw new CommandFailed("cannot run " + words.getFirst() + ": " + failed.getMessage(), failed);
        }
    }

    private void stopWhenLost(Hold hold, Process process) {
        Optional<Hold.Event> event = hold.next();
        while (event.isPresent() && !event.get().name().equals("lost")) event = hold.next();
        if (!process.isAlive()) return;
        lost = true;
        spec.commandLine().getErr().println("paddock: lock " + name + " was lost; stopping " + words.getFirst());
        process.destroy();
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException again) {
            process.destroyForcibly();
        }
    }
}
