package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four letter words, beside those of an Apache ZooKeeper in this process. */
class FourLetterWordTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ruok", "isro", "srvr", "stat", "cons", "wchs"})
    void theLayoutIsApaches(String word) throws Exception {
        System.setProperty("zookeeper.4lw.commands.whitelist", "*");
        File data = folder.toFile();
        var apache = new ZooKeeperServer(data, data, MemoryCore.TICK_MILLIS);
        var factory = ServerCnxnFactory.createFactory(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 60);
        try (var ours = new TestServer()) {
            factory.startup(apache);
            String theirs = talk("127.0.0.1:" + factory.getLocalPort(), factory.getLocalPort(), word);
            String mine = talk(ours.connectString(), ours.port.address().getPort(), word);
            assertThat(layout(mine)).isEqualTo(layout(theirs));
        } finally {
            factory.shutdown();
        }
    }

    /** The answer after a client has done the same things to either server. */
    private static String talk(String connectString, int port, String word) throws Exception {
        var zk = new ZooKeeper(connectString, 30_000, event -> {});
        await().until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
        zk.create("/a", new byte[3], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        zk.exists("/a", true);
        zk.getChildren("/", true);
        zk.addWatch("/a", AddWatchMode.PERSISTENT);
        zk.getData("/a", false, null);
        String answer = FourLetterWordMain.send4LetterWord("127.0.0.1", port, word);
        zk.close();
        return answer;
    }

    /** What is left when all that differs from run to run is taken out. */
    private static String layout(String answer) {
        return answer.replaceAll("version: .*", "version")
                .replaceAll("(?<=(lat|sid|est|lresp|lzxid)=)[0-9a-fx]+", "N")
                .replaceAll("(?<=127.0.0.1:)\\d+\\[\\d]", "N[N]")
                .replaceAll("[0-9.]+/[0-9.]+/[0-9.]+", "N/N/N")
                .replaceAll("\\d+ paths\nTotal watches:\\d+", "N paths\nTotal watches:N")
                .lines()
                .sorted() // connections come in no order
                .collect(Collectors.joining("\n"));
    }

    @Test
    void monitoringHasApachesKeys() throws Exception {
        try (var server = new TestServer()) {
            String answer = talk(server.connectString(), server.port.address().getPort(), "mntr");
            assertThat(answer.lines()).allMatch(line -> line.matches("zk_[a-z_]+\t.+"));
            assertThat(answer.lines().map(line -> line.substring(0, line.indexOf('\t'))))
                    .contains(
                            "zk_version",
                            "zk_server_state",
                            "zk_avg_latency",
                            "zk_num_alive_connections",
                            "zk_outstanding_requests",
                            "zk_znode_count",
                            "zk_watch_count",
                            "zk_ephemerals_count",
                            "zk_approximate_data_size",
                            "zk_open_file_descriptor_count");
            assertThat(answer).contains("zk_server_state\tstandalone\n", "zk_watch_count\t3\n");
        }
    }

    @Test
    void environmentAndConfigurationAreShown() throws IOException {
        try (var server = new TestServer()) {
            assertThat(server.word("envi")).startsWith("Environment:\nzookeeper.version=" + TestServer.VERSION + "\n");
            await().until(() -> server.word("conf").equals("clientPort=1\n"));
        }
    }

    @Test
    void onlyWhatIsOnTheWhitelistIsAnswered() throws IOException {
        try (var server = new TestServer(config -> TestServer.withWords(config, Set.of("ruok")))) {
            assertThat(server.word("ruok")).isEqualTo("imok");
            await().until(() -> server.word("srvr").startsWith("Zookeeper version: "));
            for (String word : Arrays.asList("stat", "mntr", "cons", "conf", "isro", "wchp", "wchc", "dump", "stmk")) {
                assertThat(server.word(word))
                        .isEqualTo(word + " is not executed because it is not in the whitelist.\n");
            }
        }
    }

    @Test
    void aServerThatServesNobodySaysSo() throws Exception {
        try (var server = new TestServer()) {
            await().until(() -> server.word("isro").equals("rw"));
            server.core.stopServing();
            await().until(() -> server.word("isro").equals("null"));
            for (String word : Arrays.asList("srvr", "stat", "mntr", "cons", "conf", "wchs")) {
                assertThat(server.word(word)).isEqualTo("This ZooKeeper instance is not currently serving requests\n");
            }
            assertThat(server.word("ruok")).isEqualTo("imok");
        }
    }
}
