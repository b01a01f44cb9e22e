package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the leader in the middle of writes: nothing acknowledged is lost, sessions and locks live on. */
class LeaderKillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITES = 600;

    @TempDir
    Path folder;

    @Test
    void acknowledgedWritesSessionsAndLocksSurvive() throws Exception {
        try (PaddockUp up = PaddockUp.start(folder.resolve("state"))) {
            ObjectMapper json = new ObjectMapper();
            String lease = json.readTree(up.curl(
                            "/v1/locks/job?wait=5s",
                            "-X",
                            "PUT",
                            "-H",
                            "Content-Type: application/json",
                            "-d",
                            "{\"holder\":\"me\",\"ttl\":\"60s\"}"))
                    .path("lease")
                    .asText();
            ZooKeeper client = new ZooKeeper(up.connectString(), 20_000, event -> {});
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            long session = client.getSessionId();
            client.create("/mine", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);

            List<String> acknowledged = writeAndKillTheLeader(up, client);

            assertThat(client.getSessionId()).isEqualTo(session);
            assertThat(acknowledged).hasSizeGreaterThan(WRITES - 20);
            for (int sid = 1; sid <= 3; sid++) holdsAll(up.server(sid), acknowledged);
            String renewed = up.curl(
                    "/v1/locks/job/renew",
                    "-X",
                    "POST",
                    "-H",
                    "Content-Type: application/json",
                    "-d",
                    "{\"lease\":\"" + lease + "\"}",
                    "-w",
                    "\n%{http_code}");
            assertThat(renewed).endsWith("200");
            client.close();
        }
    }

    private static List<String> writeAndKillTheLeader(PaddockUp up, ZooKeeper client) throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            if (i == WRITES / 2) PaddockUp.kill9(up.pidInTable(up.leaderInTable()));
            try {
                client.create("/k" + i, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                acknowledged.add("k" + i);
            } catch (KeeperException.ConnectionLossException e) {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            }
        }
        return acknowledged;
    }

    /** The killed server is started again by {@code up}, so all three answer in the end. */
    private static void holdsAll(String server, List<String> acknowledged) throws Exception {
        ZooKeeper reader = new ZooKeeper(server, 20_000, event -> {});
        try {
            await().atMost(PATIENCE).until(() -> reader.getState().isConnected());
            reader.sync("/", (rc, path, context) -> {}, null);
            assertThat(reader.getChildren("/", false))
                    .as(server)
                    .containsAll(acknowledged)
                    .contains("mine");
        } finally {
            reader.close();
        }
    }
}
