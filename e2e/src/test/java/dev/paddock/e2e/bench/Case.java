package dev.paddock.e2e.bench;

import dev.paddock.cli.bench.BenchPlan;
import dev.paddock.cli.bench.Workload;
import java.time.Duration;

/** One load that both sides get. */
record Case(Workload workload, int depth) {
    private static final int CONNECTIONS = 16;
    private static final int SIZE = 128;
    private static final int ZNODES = 10_000;

    BenchPlan plan(Servers servers, Duration duration, Duration warmup) {
        return new BenchPlan(
                servers.connectString(), CONNECTIONS, depth, duration, warmup, SIZE, ZNODES, workload, servers.pids());
    }

    @Override
    public String toString() {
        return workload + ", depth " + depth;
    }
}
