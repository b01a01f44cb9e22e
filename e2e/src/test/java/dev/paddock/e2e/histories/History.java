package dev.paddock.e2e.histories;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients asked and were told, and what was done to the servers meanwhile. Any thread may add to it. */
final class History {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Queue<Disturbance> disturbances = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();

    /**
     * A fault from its beginning until it was undone.
     *
     * @param call the checker knows these two as it knows those of operations
     */
    record Disturbance(String fault, long call, long end) {
        boolean overlaps(Operation operation) {
            return operation.call() <= end && operation.end() >= call;
        }
    }

    void add(Operation operation) {
        operations.add(operation);
        if (operation.result() != Result.OPEN) answered.incrementAndGet();
    }

    void add(Disturbance disturbance) {
        disturbances.add(disturbance);
    }

    /** Operations that have an answer. */
    int answered() {
        return answered.get();
    }

    int open() {
        return operations.size() - answered.get();
    }

    List<Disturbance> disturbances() {
        return List.copyOf(disturbances);
    }

    /** From the first operation to the last, in seconds. */
    double seconds() {
        long first = operations.stream().mapToLong(Operation::call).min().orElse(0);
        long last = operations.stream().mapToLong(Operation::end).max().orElse(0);
        return (last - first) / 1e9;
    }

    /** Operations that were under way while something was done to the servers. */
    long disturbed() {
        return operations.stream()
                .filter(operation -> disturbances.stream().anyMatch(each -> each.overlaps(operation)))
                .count();
    }

    void write(Path file) throws IOException {
        write(
                file,
                operations.stream()
                        .sorted(Comparator.comparingLong(Operation::call))
                        .toList(),
                disturbances);
    }

    static void write(Path file, Collection<Operation> operations, Collection<Disturbance> disturbances)
            throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Disturbance each : disturbances)
                out.append(JSON.writeValueAsString(each)).append('\n');
            for (Operation each : operations)
                out.append(JSON.writeValueAsString(each)).append('\n');
        }
    }
}
