package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.config.PauseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseWatchTest {
    @TempDir
    Path folder;

    @Test
    void measuresEverySleepUntilItIsClosed() {
        try (var watch = new PauseWatch(new PauseConfig(true, 10_000, 1_000, 1))) {
            await().until(() -> watch.read().count() > 3);
            watch.reset();
            await().until(() -> watch.read().count() > 0);
        }
    }

    @Test
    void doesNothingUnlessAskedTo() throws Exception {
        PauseConfig pauses = read("").pauses();
        assertThat(pauses).isEqualTo(new PauseConfig(false, 10_000, 1_000, 500));
        try (var watch = new PauseWatch(pauses)) {
            assertThat(watch.read().count()).isZero();
        }
    }

    @Test
    void theKeysAreZooKeepers() throws Exception {
        NodeConfig config = read("""
                jvm.pause.monitor=true
                jvm.pause.warn-threshold.ms=50
                jvm.pause.info-threshold.ms=20
                jvm.pause.sleep.time.ms=5
                """);
        assertThat(config.pauses()).isEqualTo(new PauseConfig(true, 50, 20, 5));
        assertThat(config.unknownKeys()).isEmpty();
    }

    private NodeConfig read(String more) throws Exception {
        Path file = folder.resolve("zoo.cfg");
        Files.writeString(file, "dataDir=" + folder + "\nclientPort=2181\n" + more);
        return NodeConfig.read(file);
    }
}
