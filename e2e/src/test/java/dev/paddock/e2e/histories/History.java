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
import java.util.stream.Stream;

/** What clients asked and were told, and what was done to the servers meanwhile. Any thread may add to it. */
final class History {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Queue<Disturbance> disturbances = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger glances = new AtomicInteger();

    /**
     * A fault from its beginning until it was undone.
     *
     * @param struck whether it befell anybody
     * @param call   the checker knows these two as it knows those of operations
     */
    record Disturbance(String fault, boolean struck, long call, long end) {
        boolean overlaps(Operation operation) {
            return struck && operation.call() <= end && operation.end() >= call;
        }
    }

    void add(Operation operation) {
        operations.add(operation);
        if (operation.result() == Result.OPEN) return;
        if (operation.verb().isOfRegister()) answered.incrementAndGet();
        else glances.incrementAndGet();
    }

    void add(Disturbance disturbance) {
        disturbances.add(disturbance);
    }

    /** Operations that have an answer and a place in the order of a register: no plain reads. */
    int answered() {
        return answered.get();
    }

    /** Plain reads that have an answer. */
    int glances() {
        return glances.get();
    }

    int open() {
        return operations.size() - answered() - glances();
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

    /** Operations, but plain reads, that were under way while something was done to the servers. */
    long disturbed() {
        return ofRegisters()
                .filter(operation -> disturbances.stream().anyMatch(each -> each.overlaps(operation)))
                .count();
    }

    /** Faults during which such operations were under way. */
    long faultsFelt() {
        return disturbances.stream()
                .filter(each -> ofRegisters().anyMatch(each::overlaps))
                .count();
    }

    private Stream<Operation> ofRegisters() {
        return operations.stream().filter(operation -> operation.verb().isOfRegister());
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
