package dev.paddock.cli.bench;

import dev.paddock.wire.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One run: makes znodes in a folder of its own, asks for them for a while, then for as long as is measured, and removes them.
 * Owned by the thread that calls {@link #run}; only {@link #stop} may be called by others.
 */
public final class Bench {
    private static final double NANOS_PER_SECOND = 1e9;

    private final BenchPlan plan;
    private final String folder;
    private volatile boolean stopped;

    /** A run that has not begun. */
    public Bench(BenchPlan plan) {
        this.plan = plan;
        this.folder = plan.servers().chroot() + "/paddock-bench-"
                + HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
    }

    /** Ends the run early; what it made is removed still. */
    public void stop() {
        stopped = true;
    }

    /**
     * Runs it.
     *
     * @throws IOException if a server or a process cannot be reached or is lost; the message names it, and the folder if that
     *     is left behind
     */
    public BenchResult run() throws IOException {
        usage(); // a wrong process is told at once
        try (var load = new Load(plan.servers().servers(), plan.connections(), plan.depth())) {
            var znodes = new Znodes(load, folder);
            try {
                BenchResult result = measure(load, znodes);
                znodes.remove();
                load.askOnEach(Frame.of(new Request.CloseSession()));
                return result;
            } catch (IOException e) {
                if (!znodes.areThere()) throw e;
                throw new IOException(e.getMessage() + "; " + folder + " is left behind", e);
            }
        }
    }

    private BenchResult measure(Load load, Znodes znodes) throws IOException {
        byte[] data = new byte[plan.size()];
        Arrays.fill(data, (byte) 'x');
        znodes.make(plan.znodes(), data, () -> stopped);
        Work work = plan.workload().work(plan, folder, data).unless(() -> stopped);
        load.run(work.until(System.nanoTime() + plan.warmup().toNanos()));

        load.tally().clear();
        List<ProcessUsage> before = usage();
        ProcessUsage ownBefore = ownUsage();
        long started = System.nanoTime();
        load.run(work.until(started + plan.duration().toNanos()));
        double seconds = (System.nanoTime() - started) / NANOS_PER_SECOND;
        return result(load.tally(), seconds, before, ownUsage().since(ownBefore));
    }

    private BenchResult result(Tally tally, double seconds, List<ProcessUsage> before, ProcessUsage own)
            throws IOException {
        List<ProcessUsage> used = new ArrayList<>();
        List<ProcessUsage> after = usage();
        for (int i = 0; i < after.size(); i++) used.add(after.get(i).since(before.get(i)));
        return new BenchResult(
                seconds,
                tally.answered(),
                tally.errors(),
                tally.firstError(),
                tally.latencies().quantile(0.5),
                tally.latencies().quantile(0.99),
                used,
                own.cpuSeconds());
    }

    private List<ProcessUsage> usage() throws IOException {
        List<ProcessUsage> usage = new ArrayList<>();
        for (long pid : plan.pids()) usage.add(ProcessUsage.of(pid));
        return usage;
    }

    private static ProcessUsage ownUsage() throws IOException {
        return ProcessUsage.of(ProcessHandle.current().pid());
    }
}
