package dev.paddock.e2e.histories;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the system. */
final class Tool {
    private Tool() {}

    /**
     * Runs one to its end.
     *
     * @throws IOException with what it printed, if it fails
     */
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
}
