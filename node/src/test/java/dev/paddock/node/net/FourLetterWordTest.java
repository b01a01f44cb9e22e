package dev.paddock.node.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.front.LoopStats;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;

/** Four letter words, and their bounds. */
class FourLetterWordTest {
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

    @Test
    void manyWatchesAreListedAndTooManyRefused() throws Exception {
        try (var server = new TestServer()) {
            var zk = new ZooKeeper(server.connectString(), 30_000, event -> {});
            watch(zk, 0, WatchTexts.WATCHES_MAX);
            assertThat(server.word("wchc").lines()).hasSize(WatchTexts.WATCHES_MAX + 2); // its session, an empty line
            assertThat(server.word("wchp").lines()).hasSize(2 * WatchTexts.WATCHES_MAX + 1);
            watch(zk, WatchTexts.WATCHES_MAX, WatchTexts.WATCHES_MAX + 1);
            for (String word : List.of("wchc", "wchp")) {
                assertThat(server.word(word))
                        .startsWith(word + " is not executed because there are 200001 watches of ")
                        .endsWith("; see wchs.\n");
            }
            assertThat(server.word("wchs")).isEqualTo("1 connections watching 200001 paths\nTotal watches:200001\n");
            zk.close();
        }
    }

    private static void watch(ZooKeeper zk, int from, int to) throws InterruptedException {
        var answered = new CountDownLatch(to - from);
        for (int i = from; i < to; i++) zk.exists("/" + i, true, (rc, path, ctx, stat) -> answered.countDown(), null);
        assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tooManySessionsAreNotDumped() throws Exception {
        Database database = Database.empty();
        for (int i = 1; i <= 200_001; i++) {
            database = database.apply(new TxnHeader(i, 0, i, 0, OpCode.CREATE_SESSION), new Txn.CreateSession(1000))
                    .after();
        }
        var status = new ServerStatus(true, true, false, "follower", Optional.empty(), 1, database, Optional.empty());
        var stats = new PortStats(LoopStats.NONE, List.of(), 0, 0);
        assertThat(new SessionDump(status, Optional.empty(), stats).text())
                .startsWith("dump is not executed because there are 200001 sessions and 0 ephemerals");
    }

    @Test
    void countsBeginAgainWhenTheyAreReset() throws Exception {
        try (var server = new TestServer()) {
            var zk = new ZooKeeper(server.connectString(), 30_000, event -> {});
            for (int i = 0; i < 10; i++) zk.exists("/", false);
            assertThat(server.word("cons")).contains("lop=EXIS");
            assertThat(server.word("crst")).isEqualTo("Connection stats reset.\n");
            assertThat(server.word("cons"))
                    .contains("(queued=0,recved=0,sent=0,sid=")
                    .contains("lop=NA");
            assertThat(server.word("srst")).isEqualTo("Server stats reset.\n");
            assertThat(server.word("srvr")).contains("Received: 1\nSent: 1\n"); // the words themselves
            zk.close();
        }
    }
}
