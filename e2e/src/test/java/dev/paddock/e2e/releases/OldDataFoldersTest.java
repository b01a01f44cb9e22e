package dev.paddock.e2e.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.e2e.DataFolder;
import dev.paddock.e2e.NodeProcess;
import dev.paddock.e2e.Ran;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.persistence.FileSnap;
import org.apache.zookeeper.server.persistence.SnapStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A release of Apache's fills a folder and is killed; our server goes on with it, then that release again, and then ours. Each shows what the
 * one before has shown, and the session of a client goes on with its ephemerals. Our tools read what the first has left.
 */
class OldDataFoldersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SESSION_MILLIS = 80_000;
    private static final int STOP_SECONDS_MAX = 30;

    @TempDir
    Path folder;

    private final int clientPort = FreePorts.one();
    private final String server = "127.0.0.1:" + clientPort;
    private Path data;
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
        data = folder.resolve("data");
        text.append("clientPort=").append(clientPort).append("\ndataDir=").append(data);
        text.append("\nadmin.enableServer=false\npreAllocSize=1024\nsnapCount=50\n4lw.commands.whitelist=*\n");
        if (release.hasExtendedTypes()) text.append("extendedTypesEnabled=true\n");
        if (release.turnsDigestsOff()) text.append("digest.enabled=false\n");
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
        SortedMap<String, String> shown = firstIsKilled(release);
        shown = oursGoesOn(script, shown);
        shown = apacheGoesOn(release, script, shown);

        startOurs();
        assertThat(Contents.of(server)).isEqualTo(shown);
        noDigestDiffers();
        connected();
        assertThat(client.getSessionId()).isEqualTo(session);
    }

    private SortedMap<String, String> firstIsKilled(Release release) throws Exception {
        SortedMap<String, String> shown = Contents.of(server);
        assertThat(shown).containsKeys("/turn-0/ephemeral", "/turn-0/mine", "/limited/0");
        long last = lastZxid();
        running.kill();
        hasSnapshots(release);
        ourToolsRead(release, shown, last);
        return shown;
    }

    private SortedMap<String, String> oursGoesOn(Script script, SortedMap<String, String> shown) throws Exception {
        List<Path> theirs = snapshots();
        startOurs();
        assertThat(Contents.of(server)).isEqualTo(shown);
        connected();
        script.goOn(1);
        snapshotIsWritten(script);
        SortedMap<String, String> next = Contents.of(server);
        stop();
        assertThat(theirs).doesNotContain(snapshots().getLast());
        return next;
    }

    private SortedMap<String, String> apacheGoesOn(Release release, Script script, SortedMap<String, String> shown)
            throws Exception {
        Path ours = snapshots().getLast();
        startApache(release);
        assertThat(logs()).contains("Reading snapshot " + ours).doesNotContain("problem reading snap file");
        assertThat(Contents.of(server)).isEqualTo(shown);
        if (release.hasDigests()) noDigestDiffers();
        connected();
        script.goOn(2);
        SortedMap<String, String> next = Contents.of(server);
        stop();
        return next;
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

    /** Our tools read what the release has left, and find what its server has shown. */
    private void ourToolsRead(Release release, SortedMap<String, String> shown, long last) throws Exception {
        Ran verified = paddock("snapshot", "verify").well();
        assertThat(verified.lines()).hasSameSizeAs(snapshots()).allMatch(line -> line.startsWith("ok "));
        assertThat(paddock("log", "verify").well().text())
                .endsWith("0x1 to 0x" + Long.toHexString(last) + ": as written");
        assertThat(paddock("log", "dump").well().lines()).hasSize((int) last);

        JsonNode newest = paddock("snapshot", "inspect", "--json").well().json();
        assertThat(newest.path("file").asText()).isEqualTo(snapshots().getLast().toString());
        assertThat(newest.path("znodes").asInt()).isEqualTo(znodes(snapshots().getLast()));
        assertThat(newest.has("recordedDigest")).isEqualTo(release.hasDigests());
        Ran all = Ran.paddock(folder, "snapshot", "diff", data.toString(), data.toString())
                .well();
        int others = release == Release.V3_4 ? 0 : 1; // /zookeeper/config, which is not among what is shown
        assertThat(all.lines().getFirst()).endsWith(": " + (shown.size() + others) + " znodes");
    }

    /** How many znodes Apache's newest release sees in a snapshot. */
    private static int znodes(Path snapshot) throws IOException {
        var tree = new DataTree();
        try (InputStream in = SnapStream.getInputStream(snapshot.toFile())) {
            FileSnap.deserialize(tree, new HashMap<>(), BinaryInputArchive.getArchive(in));
        }
        return tree.getNodeCount() - 1; // it counts the root twice
    }

    private Ran paddock(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(data.toString());
        return Ran.paddock(folder, all.toArray(String[]::new));
    }

    /** By our server, with all kinds of znodes of the script's last turn. */
    private void snapshotIsWritten(Script script) {
        await("a snapshot of ours").atMost(PATIENCE).until(() -> {
            if (DataFolder.zxid(snapshots().getLast()) >= script.manyFrom()) return true;
            script.goOnALittle();
            return false;
        });
    }

    private List<Path> snapshots() throws IOException {
        return new DataFolder(data).snapshots();
    }

    private long lastZxid() {
        return Long.decode(running.word("srvr").replaceAll("(?s).*\nZxid: (0x[0-9a-f]+)\n.*", "$1"));
    }

    private void noDigestDiffers() throws IOException {
        assertThat(running.word("mntr")).contains("zk_digest_mismatches_count\t0\n");
        assertThat(logs()).doesNotContain("Digests are not matching");
    }
}
