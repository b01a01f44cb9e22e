package dev.paddock.e2e;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** The end of servers that a test has started. */
public final class ServerProcesses {
    private static final int STOP_SECONDS_MAX = 10;

    private ServerProcesses() {}

    /** Asks all to stop, and ends those that do not in time. */
    public static void stop(List<Process> processes) {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
