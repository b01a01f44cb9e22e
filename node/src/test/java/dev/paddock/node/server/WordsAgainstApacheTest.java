package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.assertj.core.api.AbstractLongAssert;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every four letter word beside an Apache ZooKeeper in a process of its own: the same lines, but for their values. */
class WordsAgainstApacheTest {
    private static final String ALL_WORDS = "4lw.commands.whitelist=*";
    private static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests";

    @TempDir
    Path folder;

    @Test
    void aloneTheyAnswerAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 1, ALL_WORDS);
                var ours = new LocalEnsemble(folder, 1, ALL_WORDS)) {
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            compare("standalone", theirs.clientPort(1), ours.clientPort(1));
            compareTraceMask(theirs.clientPort(1), ours.clientPort(1));
        }
    }

    @Test
    void leadersAndFollowersAnswerAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 3, ALL_WORDS);
                var ours = new LocalEnsemble(folder, 3, ALL_WORDS)) {
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            for (String state : List.of("leader", "follower")) {
                compare(state, theirs.clientPort(theirs.inState(state)), ours.clientPort(ours.inState(state)));
            }
        }
    }

    private static void compare(String what, int theirs, int ours) throws Exception {
        try (var _ = new Clients(theirs);
                var _ = new Clients(ours)) {
            var soft = new SoftAssertions();
            for (String word : Words.ALL) {
                if (word.equals("mntr") || word.equals("hash"))
                    continue; // their lines differ by what there is to count
                soft.assertThat(Words.layout(word, Words.ask(ours, word)))
                        .as("%s of a %s", word, what)
                        .isEqualTo(Words.layout(word, Words.ask(theirs, word)));
            }
            for (String[] sent : new String[][] {{"ruok\n"}, {"ruok\r\nruok"}, {"ru", "ok"}, {"r", "u", "o", "k\n"}}) {
                soft.assertThat(Words.ask(ours, sent)).isEqualTo("imok").isEqualTo(Words.ask(theirs, sent));
            }
            compareMetrics(soft, Words.ask(theirs, "mntr"), Words.ask(ours, "mntr"));
            soft.assertAll();
        }
    }

    /** What Apache counts and we do not, docs/operations.md says. */
    private static void compareMetrics(SoftAssertions soft, String theirs, String ours) throws IOException {
        String docs = Files.readString(Path.of(System.getProperty("paddock.root"), "docs", "operations.md"));
        soft.assertThat(ours.lines()).allMatch(line -> line.matches("zk_[a-z0-9_]+\t.+"));
        soft.assertThat(ours.lines().map(WordsAgainstApacheTest::key)).doesNotHaveDuplicates();
        Set<String> mine =
                ours.lines().map(WordsAgainstApacheTest::metric).collect(Collectors.toCollection(TreeSet::new));
        Set<String> both =
                theirs.lines().map(WordsAgainstApacheTest::metric).collect(Collectors.toCollection(TreeSet::new));
        mine.remove("ack_latency"); // which Apache measures for each thousandth proposal, and we for all
        mine.removeIf(key -> key.contains("disk_")); // which Apache does not look at
        soft.assertThat(mine).isSubsetOf(both);
        both.remove("ack_latency");
        both.removeAll(mine);
        for (String missing : both) soft.assertThat(docs).contains("`" + missing + "`");
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf('\t'));
    }

    /** A summary is one, and so is a summary of each namespace or learner. */
    private static String metric(String line) {
        return key(line)
                .replaceFirst(
                        "^zk_(avg|min|max|cnt|sum|p50|p95|p99|p999)_(?!latency|proposal_size|client_response)", "")
                .replaceFirst("^zk_", "")
                .replaceFirst("^[a-z0-9]+_([a-z_]+)_per_namespace$", "$1_per_namespace")
                .replaceFirst("^\\d+_(?=[a-z])", ""); // of a server
    }

    @Test
    void theNumbersAreOfWhatHappened() throws Exception {
        try (var ours = new LocalEnsemble(folder, 3, ALL_WORDS)) {
            ours.startAll();
            ours.awaitServing();
            int leader = ours.clientPort(ours.inState("leader"));
            int follower = ours.clientPort(ours.inState("follower"));
            try (var _ = new Clients(follower)) {
                Map<String, String> led = metrics(leader);
                Map<String, String> followed = metrics(follower);
                atLeast(led, "zk_commit_count", 4).isEqualTo(number(led, "zk_proposal_count")); // 2 sessions, 2 znodes
                atLeast(followed, "zk_learner_commit_received_count", 4);
                atLeast(followed, "zk_cnt_updatelatency", 2);
                atLeast(followed, "zk_cnt_readlatency", 7);
                atLeast(followed, "zk_connection_request_count", 2);
                atLeast(followed, "zk_response_bytes", 100);
                atLeast(followed, "zk_watch_bytes", 20);
                atLeast(followed, "zk_cnt_fsynctime", 1);
                atLeast(followed, "zk_non_mtls_local_conn_count", 2);
                atLeast(followed, "zk_cnt_words0_read_per_namespace", 2);
                atLeast(led, "zk_cnt_words0_write_per_namespace", 1);
                for (long sid = 1; sid <= 3; sid++) atLeast(led, "zk_cnt_" + sid + "_ack_latency", 1);
                assertThat(number(led, "zk_learners")).isEqualTo(2);
                atLeast(followed, "zk_cnt_propagation_latency", 4);
                assertThat(number(led, "zk_cnt_election_time")).isEqualTo(1);
                assertThat(number(led, "zk_synced_followers")).isEqualTo(2);
                assertThat(number(led, "zk_quorum_size")).isEqualTo(3);
                assertThat(number(led, "zk_diff_count") + number(led, "zk_snap_count"))
                        .isEqualTo(2);
                assertThat(number(followed, "zk_cnt_follower_sync_time")).isEqualTo(1);
                assertThat(number(followed, "zk_cnt_node_children_watch_count")).isEqualTo(1);
                assertThat(followed).doesNotContainKey("zk_learners");
                Words.ask(follower, "srst");
                assertThat(number(metrics(follower), "zk_learner_commit_received_count"))
                        .isZero();
            }
        }
    }

    private static AbstractLongAssert<?> atLeast(Map<String, String> metrics, String key, long least) {
        return assertThat(number(metrics, key)).as(key).isGreaterThanOrEqualTo(least);
    }

    private static long number(Map<String, String> metrics, String key) {
        return Long.parseLong(metrics.getOrDefault(key, "-1"));
    }

    private static Map<String, String> metrics(int port) throws IOException {
        return Words.ask(port, "mntr")
                .lines()
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    }

    private static void compareTraceMask(int theirs, int ours) throws IOException {
        for (int port : new int[] {theirs, ours}) {
            assertThat(Words.ask(port, "stmk\0\0\0\0\0\0\1\62")).isEqualTo("306");
            assertThat(Words.ask(port, "stmk\0\0\0\0\0\0\0\7\n")).isEqualTo("7");
            assertThat(Words.ask(port, "gtmk")).isEqualTo("7");
        }
        assertThat(Words.ask(ours, "stmk\0\0", "\0\0\0\0", "\0\5")).isEqualTo("5"); // Apache wants it in one segment
    }

    @Test
    void withoutAQuorumTheySayThatTheyDoNotServe() throws Exception {
        try (var theirs = new ApacheServers(folder, 3, ALL_WORDS);
                var ours = new LocalEnsemble(folder, 3, ALL_WORDS)) {
            theirs.start(1);
            ours.start(1);
            await().atMost(Duration.ofSeconds(90))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> Words.ask(theirs.clientPort(1), "ruok").equals("imok"));
            var soft = new SoftAssertions();
            for (String word : Words.ALL) {
                String mine = Words.ask(ours.clientPort(1), word);
                soft.assertThat(Words.layout(word, mine))
                        .as(word)
                        .isEqualTo(Words.layout(word, Words.ask(theirs.clientPort(1), word)));
            }
            soft.assertThat(Words.ask(ours.clientPort(1), "dump")).isEqualTo(NOT_SERVING + "\n");
            soft.assertThat(Words.ask(ours.clientPort(1), "hash")).isEqualTo(NOT_SERVING);
            soft.assertAll();
        }
    }

    @Test
    void whatIsNotOnTheWhitelistIsRefusedAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 1);
                var ours = new LocalEnsemble(folder, 1)) {
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            for (String word : Words.ALL) {
                if (word.equals("srvr")) continue;
                assertThat(Words.ask(ours.clientPort(1), word))
                        .isEqualTo(word + " is not executed because it is not in the whitelist.\n")
                        .isEqualTo(Words.ask(theirs.clientPort(1), word));
            }
            assertThat(Words.ask(ours.clientPort(1), "stmk")).isEqualTo(Words.ask(theirs.clientPort(1), "stmk"));
            assertThat(Words.ask(ours.clientPort(1), "srvr")).contains("Mode: standalone\n");
        }
    }

    /** Two clients of one server that have done something to show. */
    private static final class Clients implements AutoCloseable {
        private final List<ZooKeeper> clients = new ArrayList<>();

        Clients(int port) throws Exception {
            for (int i = 0; i < 2; i++) {
                var zk = new ZooKeeper("127.0.0.1:" + port, 20_000, event -> {});
                clients.add(zk);
                await().until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
                zk.create("/words" + i, new byte[3], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                zk.exists("/words0", true);
                zk.getChildren("/", true);
            }
            clients.getFirst().addWatch("/more", AddWatchMode.PERSISTENT);
            clients.getFirst().exists("/none", true);
            clients.getFirst().getData("/words1", true, null);
        }

        @Override
        public void close() {
            try {
                for (ZooKeeper zk : clients) zk.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
