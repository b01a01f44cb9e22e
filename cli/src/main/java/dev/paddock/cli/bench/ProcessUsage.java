package dev.paddock.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used, by Linux' /proc.
 *
 * @param cpuSeconds since it began, in user and kernel, to a hundredth
 * @param residentBytes memory it has in RAM now
 */
public record ProcessUsage(long pid, double cpuSeconds, long residentBytes) {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux
    private static final int USER_FIELD = 11; // counted after the name, which stands in parentheses
    private static final int KERNEL_FIELD = 12;

    /**
     * Reads it.
     *
     * @throws IOException if there is no such process; the message says so
     */
    public static ProcessUsage of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[KERNEL_FIELD]);
            return new ProcessUsage(
                    pid, ticks / TICKS_PER_SECOND, residentBytes(Files.readAllLines(process.resolve("status"))));
        } catch (NoSuchFileException e) {
            throw new IOException("no process " + pid, e);
        }
    }

    private static long residentBytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum();
    }

    /** What was used since an earlier look; the memory is that of now. */
    ProcessUsage since(ProcessUsage earlier) {
        long ticks = Math.round((cpuSeconds - earlier.cpuSeconds) * TICKS_PER_SECOND);
        return new ProcessUsage(pid, ticks / TICKS_PER_SECOND, residentBytes);
    }
}
