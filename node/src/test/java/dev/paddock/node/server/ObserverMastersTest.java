package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Observers that hang on followers, of ours or of Apache's, and go to another follower when theirs dies. */
class ObserverMastersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern MASTER = Pattern.compile("(?m)^zk_observer_master_id\t(\\d+)$");
    private static final Pattern OBSERVERS = Pattern.compile("(?m)^zk_synced_observers\t(\\d+)$");
    private static final int SESSION_MILLIS = 20_000;
    private static final long OBSERVER = 4;

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    private final Map<Long, Process> apaches = new TreeMap<>();
    private LocalEnsemble ensemble;
    private int size;
    private final List<String> settings =
            new ArrayList<>(List.of("4lw.commands.whitelist=*", "observer.election.DelayMs=100"));

    /** Three that vote and the others, of which these are Apache's. */
    private void start(int servers, Long... ofApache) throws Exception {
        size = servers;
        settings.add("observerMasterPort=" + FreePorts.one());
        ensemble = new LocalEnsemble(folder, servers, settings.toArray(String[]::new))
                .withObserversFrom(OBSERVER)
                .onOwnHosts();
        opened.closing(ensemble);
        for (long sid = 1; sid <= servers; sid++) {
            if (List.of(ofApache).contains(sid)) startApache(sid);
            else ensemble.start(sid);
        }
        for (long sid = 1; sid <= servers; sid++) awaitMode(sid, sid < OBSERVER ? "leader|follower" : "observer");
    }

    private void startApache(long sid) throws IOException {
        Process process = ApacheServers.launch(ensemble.config(sid), folder.resolve("apache" + sid + ".log"));
        apaches.put(sid, process);
        opened.closing(() -> process.destroyForcibly().waitFor());
    }

    private void kill(long sid) throws InterruptedException {
        Process apache = apaches.get(sid);
        if (apache == null) ensemble.stop(sid);
        else apache.destroyForcibly().waitFor();
    }

    private void awaitMode(long sid, String modes) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> Words.ask(ensemble.clientPort(sid), "srvr").matches("(?s).*Mode: (" + modes + ")\n.*"));
    }

    private long shown(Pattern what, long sid) throws IOException {
        Matcher found = what.matcher(Words.ask(ensemble.clientPort(sid), "mntr"));
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    private ZooKeeper client(long sid) throws Exception {
        ZooKeeper client = new ZooKeeper(ensemble.connectString(sid), SESSION_MILLIS, event -> {});
        opened.closing(client);
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    private static void create(ZooKeeper client, String path, CreateMode mode) {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> {
                    if (client.exists(path, false) == null) client.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, mode);
                    return true;
                });
    }

    private void allHave(LongStream sids, String... paths) throws Exception {
        for (long sid : sids.toArray()) {
            ZooKeeper client = client(sid);
            client.sync("/", (rc, path, context) -> {}, null);
            for (String path : paths)
                assertThat(client.exists(path, false))
                        .as("%s on server %d", path, sid)
                        .isNotNull();
            assertThat(Words.ask(ensemble.clientPort(sid), "mntr")).contains("zk_digest_mismatches_count\t0\n");
        }
    }

    private LongStream running(long without) {
        return LongStream.rangeClosed(1, size).filter(sid -> sid != without);
    }

    /** Writes, watches and sessions go through the follower, and outlive it. */
    private void servesThroughTwoFollowers() throws Exception {
        long first = shown(MASTER, OBSERVER);
        awaitMode(first, "follower");
        ZooKeeper client = client(OBSERVER);
        long session = client.getSessionId();
        create(client, "/ephemeral", CreateMode.EPHEMERAL);
        CountDownLatch seen = new CountDownLatch(1);
        client.exists("/watched", event -> seen.countDown());
        create(client(first), "/watched", CreateMode.PERSISTENT);
        assertThat(seen.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        allHave(running(-1), "/ephemeral", "/watched");
        kill(first);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> shown(MASTER, OBSERVER) > 0 && shown(MASTER, OBSERVER) != first);
        create(client, "/after", CreateMode.PERSISTENT);
        assertThat(client.getSessionId()).isEqualTo(session);
        allHave(running(first), "/ephemeral", "/watched", "/after");
    }

    /** One voter goes, and the observer gets a vote; all that it hears of both comes through a follower. */
    @ParameterizedTest
    @ValueSource(strings = {"", "4", "1,2,3"})
    void changesOfMembersReachThem(String ofApache) throws Exception {
        settings.addAll(List.of("reconfigEnabled=true", "skipACL=yes"));
        start(
                4,
                Stream.of(ofApache.split(","))
                        .filter(sid -> !sid.isEmpty())
                        .map(Long::valueOf)
                        .toArray(Long[]::new));
        long master = shown(MASTER, OBSERVER);
        long other = LongStream.rangeClosed(1, 3)
                .filter(sid -> sid != master && !isLeader(sid))
                .findFirst()
                .orElseThrow();
        reconfigure(master, null, Long.toString(other));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(members()).doesNotContain("server." + other + "="));
        reconfigure(master, ensemble.line(OBSERVER, "participant"), null);
        awaitMode(OBSERVER, "follower|leader");
        assertThat(members()).contains("server." + OBSERVER + "=").doesNotContain(":observer");
        create(client(OBSERVER), "/voted", CreateMode.PERSISTENT);
        allHave(running(other), "/voted");
    }

    private boolean isLeader(long sid) {
        try {
            return Words.ask(ensemble.clientPort(sid), "srvr").contains("Mode: leader\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As who hangs on a follower has them. */
    private String members() throws Exception {
        return new String(client(OBSERVER).getConfig(false, new Stat()), StandardCharsets.UTF_8);
    }

    private void reconfigure(long through, @Nullable String joining, @Nullable String leaving) throws Exception {
        var admin = new ZooKeeperAdmin(ensemble.connectString(through), SESSION_MILLIS, event -> {});
        opened.closing(admin);
        await().atMost(PATIENCE).until(() -> admin.getState().isConnected());
        admin.reconfigure(joining, leaving, null, -1, new Stat());
    }

    @Test
    void oursHangOnOurFollowers() throws Exception {
        start(5);
        long leader = ensemble.leader();
        long master = shown(MASTER, OBSERVER);
        assertThat(shown(OBSERVERS, leader)).isZero();
        long served = 0;
        for (long sid : ensemble.inStates("follower")) served += shown(OBSERVERS, sid);
        assertThat(served).isEqualTo(2);
        JsonNode told = Admin.json(ensemble.adminPort(master), "observers");
        assertThat(told.get("synced_observers").asLong()).isEqualTo(shown(OBSERVERS, master));
        assertThat(told.get("observers").findValuesAsText("sid")).contains(Long.toString(OBSERVER));
        servesThroughTwoFollowers();
    }

    @Test
    void apachesHangOnOurFollowers() throws Exception {
        start(4, OBSERVER);
        assertThat(shown(OBSERVERS, shown(MASTER, OBSERVER))).isEqualTo(1);
        servesThroughTwoFollowers();
    }

    @Test
    void oursHangOnApachesFollowers() throws Exception {
        start(4, 1L, 2L, 3L);
        servesThroughTwoFollowers();
    }
}
