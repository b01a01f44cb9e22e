package dev.paddock.cli;

import dev.paddock.cli.bench.Bench;
import dev.paddock.cli.bench.BenchPlan;
import dev.paddock.cli.bench.BenchResult;
import dev.paddock.cli.bench.Report;
import dev.paddock.cli.bench.Workload;
import dev.paddock.client.ConnectString;
import dev.paddock.wire.WireException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code paddock bench}: see {@link Bench}. Ctrl-C ends it early; it then tells what it has measured. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Load znode servers (Paddock's or ZooKeeper's) and tell how they bear it.",
        footer = {
            "",
            "It makes its znodes in /paddock-bench-XXXXXXXX, asks for them at random, and removes them. Each",
            "connection keeps --depth requests under way: 1 shows the latency, 32 the throughput. Latencies count",
            "from the request's leaving; with a deep pipeline most of one is waiting in line. On a machine that",
            "servers and bench share, trust CPU seconds per million operations (--pids) before operations per second.",
            "A reply that says no, or comes out of order, or shows an older zxid than before, is an error.",
            "",
            "Examples:",
            "  paddock bench --servers 127.0.0.1:21811,127.0.0.1:21812,127.0.0.1:21813",
            "  paddock bench --servers zoo1:2181 --workload write --depth 1 --connections 1",
            "  paddock bench --servers 127.0.0.1:2181 --workload mixed --pids \"$(pgrep -d, -f 'paddock.*node')\" --json"
        })
final class BenchCommand implements Callable<Integer> {
    private static final int STOP_SECONDS_MAX = 30;

    @Option(
            names = "--servers",
            paramLabel = "HOST:PORT,…",
            required = true,
            description = "Servers, with a chroot if you like; connections go to them in turn.")
    private String servers = "";

    @Option(
            names = "--workload",
            paramLabel = "KIND",
            defaultValue = "read",
            converter = WorkloadName.class,
            description = "read, write, or mixed: nine reads to one write (default: read).")
    private Workload workload = Workload.READ;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "16",
            description = "Sessions to open (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "32",
            description = "Requests under way on each connection (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long to measure (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "3",
            description = "Seconds of load before, not counted (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "128",
            description = "Data of each znode (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--znodes",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many znodes to make (default: ${DEFAULT-VALUE}).")
    private int znodes;

    @Option(
            names = "--pids",
            paramLabel = "PID,…",
            split = ",",
            description = "The servers' processes, if they run here: tells their CPU time and memory.")
    private List<Long> pids = List.of();

    @Option(names = "--json", description = "Print one line of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final CountDownLatch finished = new CountDownLatch(1);

    BenchCommand() {}

    @Override
    public Integer call() {
        BenchPlan plan = plan();
        Bench bench = new Bench(plan);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(bench)));
        try {
            BenchResult result = bench.run();
            PrintWriter out = spec.commandLine().getOut();
            out.print(json ? Report.json(plan, result) + System.lineSeparator() : Report.table(plan, result));
            out.flush();
            return result.errors() == 0 ? 0 : 1;
        } catch (IOException | WireException e) {
            throw new CommandFailed(e.getMessage(), e);
        } finally {
            finished.countDown();
        }
    }

    private BenchPlan plan() {
        try {
            return new BenchPlan(
                    ConnectString.parse(servers),
                    connections,
                    depth,
                    Duration.ofSeconds(seconds),
                    Duration.ofSeconds(warmup),
                    size,
                    znodes,
                    workload,
                    pids);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Runs as the JVM ends: because of a signal, or since the command has finished. */
    private void stop(Bench bench) {
        bench.stop();
        try {
            if (!finished.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                spec.commandLine().getErr().println("paddock: ended before everything was removed");
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    /** Workloads by the names that they have here. */
    private static final class WorkloadName implements ITypeConverter<Workload> {
        @Override
        public Workload convert(String name) {
            for (Workload workload : Workload.values()) if (workload.toString().equals(name)) return workload;
            throw new TypeConversionException("it is read, write or mixed, not '" + name + "'");
        }
    }
}
