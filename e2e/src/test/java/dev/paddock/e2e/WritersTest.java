package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured of the writers. */
class WritersTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration GAP = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    @Test
    void aGapCountsWhileItLasts() throws Exception {
        int port = FreePorts.one();
        Path config = Files.writeString(
                folder.resolve("zoo.cfg"),
                "dataDir=" + folder.resolve("data") + "\nclientPort=" + port + "\nadmin.enableServer=false\n");
        NodeProcess server = NodeProcess.start(config, port, folder.resolve("log"), "-Xmx128m");
        try {
            await().atMost(PATIENCE).until(() -> !server.mode().isEmpty());
            try (Writers writers = new Writers("127.0.0.1:" + port)) {
                writers.awaitProgress();
                server.signal("STOP");
                Duration before = writers.longestGap();
                await().atMost(PATIENCE).until(() -> writers.longestGap().compareTo(before.plus(GAP)) > 0);
                server.signal("CONT");
                writers.awaitProgress();
                Duration longest = writers.longestGap();
                assertThat(longest).isGreaterThan(GAP);
                writers.measureAnew();
                assertThat(writers.longestGap()).isLessThan(longest);
                writers.stop();
            }
        } finally {
            server.kill();
        }
    }
}
