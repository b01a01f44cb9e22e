package dev.paddock.cli.bench;

import dev.paddock.wire.Request;
import java.util.Locale;
import java.util.SplittableRandom;

/** What is measured: requests for znodes drawn at random, each as likely as any other. */
public enum Workload {
    /** Only getData. */
    READ(1),
    /** Only setData, of any version. */
    WRITE(0),
    /** Nine reads to one write. */
    MIXED(0.9);

    private static final long SEED = 0x9ADD0C; // the same znodes in each run

    private final double reads;

    Workload(double reads) {
        this.reads = reads;
    }

    /** An endless supply of requests for the znodes of a plan. */
    Work work(BenchPlan plan, String folder, byte[] data) {
        var random = new SplittableRandom(SEED);
        String path = Frame.path(folder, 0);
        Frame read = Frame.of(new Request.GetData(path, false));
        Frame write = Frame.of(new Request.SetData(path, data, -1));
        return nowNanos -> (random.nextDouble() < reads ? read : write).numbered(random.nextInt(plan.znodes()));
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
