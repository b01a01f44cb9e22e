package dev.paddock.e2e.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.NodeProcess;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A release of Apache's fills a folder and is killed; our server goes on with it, then that release again, and then ours. Each shows what the
 * one before has shown, and the session of a client goes on with its ephemerals.
 */
class OldDataFoldersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SESSION_MILLIS = 80_000;
    private static final int STOP_SECONDS_MAX = 30;

    @TempDir
    Path folder;

    private final int clientPort = FreePorts.one();
    private final String server = "127.0.0.1:" + clientPort;
    private Path config;
    private @Nullable NodeProcess running;
    private @Nullable ZooKeeper client;

    @AfterEach
    void closeAll() throws Exception {
        if (running != null) running.kill();
        if (client != null) client.close();
    }

    private void configure(Release release) throws IOException {
        var text = new StringBuilder("tickTime=500\nmaxSessionTimeout=90000\nclientPortAddress=127.0.0.1\n");
        text.append("clientPort=").append(clientPort).append("\ndataDir=").append(folder.resolve("data"));
        text.append("\nadmin.enableServer=false\npreAllocSize=1024\nsnapCount=50\n4lw.commands.whitelist=*\n");
        if (release.hasExtendedTypes()) text.append("extendedTypesEnabled=true\n");
        config = Files.writeString(folder.resolve("zoo.cfg"), text);
    }

    @ParameterizedTest(name = "Apache ZooKeeper {0}")
    @EnumSource(Release.class)
    void eachTakesOverFromTheOther(Release release) throws Exception {
        configure(release);
        startApache(release);
        client = new ZooKeeper(hosts(), SESSION_MILLIS, event -> {});
        client.addAuthInfo("digest", Script.OWNER.getBytes(StandardCharsets.US_ASCII));
        connected();
        long session = client.getSessionId();
        var script = new Script(client, release.hasExtendedTypes());
        script.begin();
        script.goOn(0);
        SortedMap<String, String> before = Contents.of(server);
        assertThat(before).containsKeys("/turn-0/ephemeral", "/turn-0/mine", "/limited/0");
        running.kill();
        hasSnapshots(release);

        startOurs();
        assertThat(Contents.of(server)).isEqualTo(before);
        connected();
        script.goOn(1);
        before = Contents.of(server);
        stop();

        startApache(release);
        assertThat(Contents.of(server)).isEqualTo(before);
        if (release.hasDigests()) noDigestDiffers();
        connected();
        script.goOn(2);
        before = Contents.of(server);
        stop();

        startOurs();
        assertThat(Contents.of(server)).isEqualTo(before);
        noDigestDiffers();
        connected();
        assertThat(client.getSessionId()).isEqualTo(session);
    }

    /** The more, the shorter a client waits for a server that was just starting and forgot it. */
    private String hosts() {
        return String.join(",", server, server, server, server);
    }

    private void connected() {
        await("the session").atMost(PATIENCE).until(() -> client.getState().isConnected());
    }

    private void startApache(Release release) throws IOException {
        running = release.start(config, clientPort, folder.resolve("apache.log"));
        serves();
    }

    private void startOurs() throws IOException {
        running =
                NodeProcess.start(config, clientPort, folder.resolve("ours.log"), "-Xmx256m -Dpaddock.log.level=INFO");
        serves();
    }

    private void serves() {
        await("that it serves").atMost(PATIENCE).until(() -> {
            assertThat(running.process().isAlive()).as("it ended: %s", logs()).isTrue();
            return running.mode().equals("standalone");
        });
    }

    private String logs() throws IOException {
        var text = new StringBuilder();
        for (String each : new String[] {"apache.log", "ours.log"}) {
            Path log = folder.resolve(each);
            if (Files.exists(log)) text.append(Files.readString(log, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private void stop() throws InterruptedException {
        running.process().destroy();
        assertThat(running.process().waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS))
                .isTrue();
    }

    /** Besides the first, which is empty, and compressed where that is possible. */
    private void hasSnapshots(Release release) throws IOException {
        String suffix = release.compression().isEmpty() ? "" : "." + release.compression();
        try (var files = Files.list(folder.resolve("data").resolve("version-2"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.matches("snapshot\\.[1-9a-f][0-9a-f]*" + suffix.replace(".", "\\.")))
                    .isNotEmpty();
        }
    }

    private void noDigestDiffers() throws IOException {
        assertThat(running.word("mntr")).contains("zk_digest_mismatches_count\t0\n");
        assertThat(logs()).doesNotContain("Digests are not matching");
    }
}
