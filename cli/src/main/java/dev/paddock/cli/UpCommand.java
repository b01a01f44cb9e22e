package dev.paddock.cli;

import dev.paddock.cli.up.Up;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paddock up}: see {@link Up}. Ctrl-C, SIGTERM and a closed terminal stop it in order; its exit code is 0 then. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Run an ensemble and a sidecar on this machine, from the manifests that kubectl apply takes.",
        footer = {
            "",
            "Server N has client port 21810+N, quorum 28880+N, election 38880+N; the sidecar has 2190, its admin",
            "2191, its ZooKeeper proxy 2181. All of it on 127.0.0.1. Logs are in DIR/logs. Ctrl-C stops all of it.",
            "",
            "Examples:",
            "  paddock up",
            "  paddock up -f cluster.yaml -f config.yaml --state-dir /tmp/state",
            "  paddock up --ephemeral"
        })
final class UpCommand implements Callable<Integer> {
    private static final int STOP_SECONDS_MAX = 8;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Manifests, followed while it runs (default: examples/quickstart.yaml of Paddock).")
    private List<Path> files = List.of();

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where data and logs stay, for the next `up` to find (default: .paddock).")
    private Optional<Path> stateDir = Optional.empty();

    @Option(names = "--ephemeral", description = "Start with nothing and throw the state away at the end.")
    private boolean ephemeral;

    @Option(names = "--port-shift", hidden = true, defaultValue = "0", description = "Added to every port.")
    private int portShift;

    @Option(names = "--record", hidden = true, description = "Write archives of classes into this folder, then end.")
    private Optional<Path> recording = Optional.empty();

    @Spec
    private CommandSpec spec;

    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopping;

    UpCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Path> manifests = files.isEmpty() ? List.of(Root.folder().resolve("examples/quickstart.yaml")) : files;
        Up up = new Up(new Up.Options(manifests, stateDir, ephemeral, portShift, recording), line -> {
            out.println(line);
            out.flush();
        });
        Thread self = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stopOnSignal(self)));
        try {
            up.run();
            return 0;
        } catch (InterruptedException asked) {
            return 0;
        } catch (IOException | CommandFailed failed) {
            if (stopping) return 0; // the interrupt broke what was under way
            throw failed;
        } finally {
            finished.countDown();
        }
    }

    /** Runs as the JVM ends: because of a signal, or since the command has finished. */
    private void stopOnSignal(Thread running) {
        if (finished.getCount() == 0) return;
        stopping = true;
        running.interrupt();
        try {
            boolean inTime = finished.await(STOP_SECONDS_MAX, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(inTime ? 0 : 1); // a stop that was asked for is no failure
        } catch (InterruptedException again) {
            Runtime.getRuntime().halt(1);
        }
    }
}
