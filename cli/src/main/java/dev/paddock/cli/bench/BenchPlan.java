package dev.paddock.cli.bench;

import dev.paddock.client.ConnectString;
import java.time.Duration;
import java.util.List;

/**
 * A load and where to put it.
 *
 * @param servers connections go to them in turn; all znodes are made below the chroot
 * @param depth requests that each connection keeps under way
 * @param warmup loaded before, not counted
 * @param size bytes of data in each znode
 * @param pids processes of the servers, whose use of CPU and memory is told; may be empty
 */
public record BenchPlan(
        ConnectString servers,
        int connections,
        int depth,
        Duration duration,
        Duration warmup,
        int size,
        int znodes,
        Workload workload,
        List<Long> pids) {
    private static final int CONNECTIONS_MAX = 10_000;
    private static final int DEPTH_MAX = 4096;
    private static final int SIZE_MAX = 1_000_000; // servers refuse frames of more than 1 MiB

    public BenchPlan {
        pids = List.copyOf(pids);
        requireWithin("connections", connections, 1, CONNECTIONS_MAX);
        requireWithin("depth", depth, 1, DEPTH_MAX);
        requireWithin("size", size, 0, SIZE_MAX);
        requireWithin("znodes", znodes, 1, Frame.NUMBER_MAX);
        if (!duration.isPositive()) throw new IllegalArgumentException("seconds must be more than 0");
        if (warmup.isNegative()) throw new IllegalArgumentException("warmup must not be below 0");
    }

    private static void requireWithin(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be from " + min + " to " + max + ", not " + value);
        }
    }
}
