package dev.paddock.cli.bench;

import java.util.List;

/**
 * What a load came to.
 *
 * @param seconds how long it was measured
 * @param firstError what went wrong first; empty if nothing did
 * @param servers use of each process of the plan while it was measured, in the same order
 * @param generatorCpuSeconds likewise of this process
 */
public record BenchResult(
        double seconds,
        long operations,
        long errors,
        String firstError,
        long p50Nanos,
        long p99Nanos,
        List<ProcessUsage> servers,
        double generatorCpuSeconds) {
    private static final double MILLION = 1e6;

    public double operationsPerSecond() {
        return operations / seconds;
    }

    /** CPU seconds of all servers for a million operations: the figure that other load on the machine disturbs least. */
    public double cpuSecondsPerMillion() {
        return perMillion(servers.stream().mapToDouble(ProcessUsage::cpuSeconds).sum());
    }

    double perMillion(double cpuSeconds) {
        return operations == 0 ? 0 : cpuSeconds * MILLION / operations;
    }

    public long residentBytes() {
        return servers.stream().mapToLong(ProcessUsage::residentBytes).sum();
    }
}
