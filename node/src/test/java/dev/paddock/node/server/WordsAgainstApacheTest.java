package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
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
            soft.assertAll();
        }
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
            await().ignoreExceptionsInstanceOf(IOException.class)
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
