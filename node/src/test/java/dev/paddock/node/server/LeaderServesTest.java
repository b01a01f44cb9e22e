package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** With {@code leaderServes=no} whoever leads takes no clients, and the others serve. */
class LeaderServesTest {
    private static final String[] SETTINGS = {"leaderServes=no", "4lw.commands.whitelist=*"};
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    private LocalEnsemble ensemble() throws Exception {
        LocalEnsemble ensemble = new LocalEnsemble(folder, 3, SETTINGS);
        opened.closing(ensemble);
        ensemble.startAll();
        ensemble.awaitServing();
        return ensemble;
    }

    private static String handshake(int port) throws IOException {
        try (var client = new SessionSocket(port)) {
            client.connect(SESSION_MILLIS, 0, new byte[16]);
            return client.connected();
        }
    }

    private static List<String> ephemeral(ZooKeeper client, String path) throws Exception {
        client.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        return client.getChildren("/", false);
    }

    @Test
    void clientsOfWhoBecomesTheLeaderMoveOn() throws Exception {
        LocalEnsemble three = ensemble();
        long first = three.leader();
        List<ZooKeeper> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var client = new ZooKeeper(three.connectString(), SESSION_MILLIS, event -> {});
            clients.add(client);
            opened.closing(client);
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            assertThat(client.toString()).doesNotContain(three.connectString(first));
            assertThat(ephemeral(client, "/e" + i)).contains("e" + i);
        }
        assertThat(handshake(three.clientPort(first))).isEqualTo("closed");
        three.stop(first);
        await().atMost(PATIENCE).until(() -> !three.inStates("leader").isEmpty());
        three.start(first);
        await().atMost(PATIENCE).until(() -> three.inStates("follower").size() == 2);
        long heir = three.leader();
        assertThat(heir).isNotEqualTo(first);
        assertThat(handshake(three.clientPort(heir))).isEqualTo("closed");
        for (int i = 0; i < clients.size(); i++) {
            ZooKeeper client = clients.get(i);
            String path = "/e" + i;
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                    .until(() -> client.exists(path, false).getEphemeralOwner() == client.getSessionId());
            assertThat(client.toString()).doesNotContain(three.connectString(heir));
        }
    }

    @Test
    void theOtherPortsOfALeaderSayWhatItDoes() throws Exception {
        LocalEnsemble three = ensemble();
        int admin = three.adminPort(three.leader());
        assertThat(Admin.json(admin, "leader").get("is_leader").asBoolean()).isTrue();
        assertThat(Admin.json(admin, "monitor").get("server_state").asText()).isEqualTo("leader");
        assertThat(Admin.get(admin, "/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void apachesAnswersAreOurs() throws Exception {
        try (var theirs = new ApacheServers(folder, 3, SETTINGS)) {
            for (long sid = 1; sid <= 3; sid++) theirs.start(sid);
            LocalEnsemble ours = ensemble();
            await().atMost(PATIENCE).until(() -> led(theirs).size() == 2);
            long leader = 6 - led(theirs).stream().mapToLong(Long::longValue).sum();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> Admin.json(theirs.adminPort(leader), "leader")
                            .get("is_leader")
                            .asBoolean());
            int his = theirs.clientPort(leader);
            int mine = ours.clientPort(ours.leader());
            var soft = new SoftAssertions();
            for (String word : Words.ALL) {
                if (word.equals("envi")) continue; // of the JVM
                soft.assertThat(Words.ask(mine, word)).as(word).isEqualTo(Words.ask(his, word));
            }
            soft.assertThat(Words.ask(mine, "srvr")).contains("not currently serving");
            soft.assertThat(handshake(mine)).isEqualTo(handshake(his)).isEqualTo("closed");
            for (int port : new int[] {
                ours.clientPort(ours.inState("follower")),
                theirs.clientPort(led(theirs).getFirst())
            }) {
                soft.assertThat(handshake(port)).isEqualTo("session of 20000 ms readOnly=false");
            }
            soft.assertAll();
        }
    }

    private static List<Long> led(ApacheServers servers) {
        List<Long> led = new ArrayList<>();
        for (long sid = 1; sid <= 3; sid++) {
            try {
                if (Words.ask(servers.clientPort(sid), "srvr").contains("Mode: follower")) led.add(sid);
            } catch (IOException e) {
                return List.of(); // not there yet
            }
        }
        return led;
    }
}
