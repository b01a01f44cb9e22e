package dev.paddock.e2e.bench;

import dev.paddock.cli.bench.ProcessUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** How busy others kept this machine since a moment, by Linux' /proc: so much the figures of that time are worth. */
final class Machine {
    private static final double TICKS_PER_SECOND = 100;
    private static final int IDLE_FIELD = 3; // user, nice, system, idle, iowait, …
    private static final int IO_WAIT_FIELD = 4;
    private static final int FIELDS = 8; // those after are parts of these

    private final List<Long> ours;
    private final long startedNanos = System.nanoTime();
    private final double before;

    /**
     * Begins now.
     *
     * @param ours processes that are no others
     */
    Machine(List<Long> ours) throws IOException {
        this.ours = ours;
        this.before = othersSeconds();
    }

    /** Cores that others used on average. */
    double coresOfOthers() throws IOException {
        return (othersSeconds() - before) / ((System.nanoTime() - startedNanos) / 1e9);
    }

    private double othersSeconds() throws IOException {
        double seconds = busySeconds();
        for (long pid : ours) seconds -= ProcessUsage.of(pid).cpuSeconds();
        return seconds;
    }

    private static double busySeconds() throws IOException {
        String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
        long[] ticks = Arrays.stream(all.replaceFirst("cpu +", "").split(" ", -1))
                .mapToLong(Long::parseLong)
                .limit(FIELDS)
                .toArray();
        return (Arrays.stream(ticks).sum() - ticks[IDLE_FIELD] - ticks[IO_WAIT_FIELD]) / TICKS_PER_SECOND;
    }
}
