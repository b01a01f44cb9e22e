package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.log.DataFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose files lost what it had acknowledged, while another had never heard of it. */
class DamagedServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITES = 60;

    @TempDir
    Path folder;

    private LocalEnsemble ensemble;

    @AfterEach
    void close() {
        ensemble.close();
    }

    @Test
    void isHealedByTheOthersAndElectsNobodyBefore() throws Exception {
        ensemble = new LocalEnsemble(folder, 3);
        ensemble.startAll();
        ensemble.awaitServing();
        ensemble.stop(1); // lags behind
        write(ensemble.connectString(2));
        ensemble.stop(2);
        ensemble.stop(3);
        loseTheEndOfTheLog(2);
        ensemble.start(1);
        ensemble.start(2);
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> ensemble.state(1).equals("leaderelection")
                        && ensemble.state(2).equals("leaderelection"));
        ensemble.start(3); // which has it all
        ensemble.awaitServing();
        assertThat(damageFound(1)).isZero();
        assertThat(damageFound(2)).isPositive();
        for (long sid = 1; sid <= 3; sid++) allAreThere(ensemble.connectString(sid));
        ensemble.stop(3);
        ensemble.awaitServing(); // healed, it votes again
        allAreThere(ensemble.connectString(2));
    }

    /** It may have promised to follow the one that is away. */
    @Test
    void servesWithoutAVoteUntilAllHaveSaidWhomTheyFollow() throws Exception {
        ensemble = new LocalEnsemble(folder, 5);
        ensemble.startAll();
        ensemble.awaitServing();
        ensemble.stop(1);
        ensemble.stop(2);
        for (String lost : List.of("version-2/acceptedEpoch", "paddock/promised")) {
            Files.delete(folder.resolve("data2").resolve(lost));
        }
        write(ensemble.connectString(3));
        ensemble.start(2);
        await().atMost(PATIENCE).until(() -> ensemble.state(2).equals("observer"));
        allAreThere(ensemble.connectString(2));
        ensemble.start(1);
        await().atMost(PATIENCE).until(() -> ensemble.state(2).equals("follower"));
        ensemble.stop(3);
        ensemble.stop(4);
        ensemble.awaitServing(); // with its vote
        allAreThere(ensemble.connectString(2));
    }

    @Test
    void aloneItRefusesAndTellsWhatToDo() throws Exception {
        ensemble = new LocalEnsemble(folder, 1);
        ensemble.start(1);
        ensemble.awaitServing();
        write(ensemble.connectString(1));
        ensemble.stop(1);
        loseTheEndOfTheLog(1);
        var refusal = catchThrowableOfType(
                DataFolderException.class, () -> Node.start(NodeConfig.read(ensemble.config(1)), e -> {}));
        assertThat(refusal)
                .hasMessageContaining("is damaged at offset ")
                .hasMessageContaining("and all up to zxid ")
                .hasMessageContaining(" was acknowledged");
        String giveUp = refusal.getMessage().substring(refusal.getMessage().lastIndexOf(": ") + 2);
        assertThat(new ProcessBuilder("sh", "-c", giveUp).start().waitFor())
                .as(giveUp)
                .isZero();
        ensemble.start(1);
        ensemble.awaitServing();
    }

    private long damageFound(long sid) throws Exception {
        return Admin.json(ensemble.adminPort(sid), "monitor")
                .get("disk_damage_found_count")
                .asLong();
    }

    static ZooKeeper client(String server) throws Exception {
        var client = new ZooKeeper(server, 10_000, event -> {});
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    private static void write(String server) throws Exception {
        ZooKeeper client = client(server);
        for (int i = 0; i < WRITES; i++) {
            client.create("/w" + i, new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        client.close();
    }

    private static void allAreThere(String server) throws Exception {
        ZooKeeper client = client(server);
        client.sync("/", (rc, path, context) -> {}, null);
        for (int i = 0; i < WRITES; i++) {
            assertThat(client.exists("/w" + i, false)).as("/w%d", i).isNotNull();
        }
        client.close();
    }

    /** As a page that the disk gives back as zeros. */
    private void loseTheEndOfTheLog(long sid) throws IOException {
        List<Path> logs;
        try (Stream<Path> all = Files.list(folder.resolve("data" + sid + "/version-2"))) {
            logs = all.filter(path -> path.getFileName().toString().startsWith("log."))
                    .sorted()
                    .toList();
        }
        byte[] log = Files.readAllBytes(logs.getLast());
        int end = log.length;
        while (log[end - 1] == 0) end--;
        Arrays.fill(log, Math.max(16, end - 4096), end, (byte) 0);
        Files.write(logs.getLast(), log);
    }
}
