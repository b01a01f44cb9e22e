package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers on disks of 24 MiB that somebody else fills to the last byte, driven by Apache's Java client. */
@Timeout(300)
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;
    private static final String[] SETTINGS = {"4lw.commands.whitelist=*", "diskReserveKb=1024"};

    @TempDir
    Path folder;

    private final Deque<Path> mounted = new ArrayDeque<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<String> acknowledged = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) opened.pop().close();
        while (!mounted.isEmpty()) run("umount", mounted.pop().toString());
    }

    private LocalEnsemble ensemble(int servers) throws Exception {
        for (int sid = 1; sid <= servers; sid++) {
            Path data = Files.createDirectories(data(sid));
            boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", data.toString()) == 0;
            assumeTrue(isMounted, "small file systems cannot be mounted here; that takes root");
            mounted.push(data);
        }
        LocalEnsemble ensemble = new LocalEnsemble(folder, servers, SETTINGS);
        opened.push(ensemble);
        ensemble.startAll();
        ensemble.awaitServing();
        return ensemble;
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    private Path data(long sid) {
        return folder.resolve("data" + sid);
    }

    /** Fills what is left of a disk. */
    private void fill(long sid) throws IOException {
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(data(sid).resolve("of-somebody-else"))) {
            while (true) out.write(some);
        } catch (IOException e) {
            assertThat(data(sid).toFile().getUsableSpace()).isLessThan(some.length);
        }
    }

    private void free(long sid) throws IOException {
        Files.delete(data(sid).resolve("of-somebody-else"));
    }

    private ZooKeeper client(String connectString) throws Exception {
        ZooKeeper client = new ZooKeeper(connectString, SESSION_MILLIS, event -> {});
        opened.push(client);
        awaitConnected(client);
        return client;
    }

    private static void awaitConnected(ZooKeeper client) {
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
    }

    private void write(ZooKeeper client, String prefix, int count) throws Exception {
        for (int i = 0; i < count; i++) create(client, prefix + i);
    }

    private void create(ZooKeeper client, String name) throws Exception {
        client.create("/" + name, new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        acknowledged.add(name);
    }

    /** Writes on until it is refused; nothing may fail otherwise. */
    private void writeUntilRefused(ZooKeeper client, String prefix) {
        int[] next = {0};
        await().atMost(PATIENCE).until(() -> {
            try {
                create(client, prefix + next[0]++);
                return false;
            } catch (KeeperException.SystemErrorException e) {
                return true;
            } catch (KeeperException.ConnectionLossException e) { // a leader that hands over
                awaitConnected(client);
                return false;
            }
        });
    }

    /** Writes as soon as that is possible again. */
    private void awaitWritable(ZooKeeper client, String name) {
        int[] next = {0};
        await().atMost(PATIENCE).until(() -> {
            try {
                create(client, name + next[0]++);
                return true;
            } catch (KeeperException.SystemErrorException e) {
                return false;
            } catch (KeeperException.ConnectionLossException e) {
                awaitConnected(client);
                return false;
            }
        });
    }

    private void assertReads(ZooKeeper client) throws Exception {
        assertThat(client.getChildren("/", false)).containsAll(acknowledged);
        assertThat(client.getData("/a0", false, null)).hasSize(100);
    }

    @Test
    void aSingleServerRefusesWritesReadsOnAndComesBack() throws Exception {
        LocalEnsemble one = ensemble(1);
        ZooKeeper client = client(one.connectString());
        write(client, "a", 50);
        fill(1);
        writeUntilRefused(client, "b");
        assertReads(client);
        assertThatThrownBy(() -> client.setData("/a0", new byte[1], -1))
                .isInstanceOf(KeeperException.SystemErrorException.class);
        ZooKeeper late = client(one.connectString()); // sessions come and go on a full disk
        assertReads(late);
        late.close();
        assertThat(Words.ask(one.clientPort(1), "mntr"))
                .contains("zk_disk_full\t1\n")
                .doesNotContain("zk_writes_refused_disk_full_count\t0\n");

        one.stop(1);
        one.start(1); // with not a byte left
        one.awaitServing();
        awaitConnected(client);
        assertReads(client);
        assertThatThrownBy(() -> client.delete("/a0", -1)).isInstanceOf(KeeperException.SystemErrorException.class);

        free(1);
        awaitWritable(client, "c");
        assertThat(Words.ask(one.clientPort(1), "mntr")).contains("zk_disk_full\t0\n");
        write(client, "d", 20);
        await().atMost(PATIENCE).until(() -> Files.exists(data(1).resolve("paddock/reserve")));
        one.stop(1);
        one.start(1);
        one.awaitServing();
        awaitConnected(client);
        assertReads(client);
    }

    @Test
    void membersWithRoomTakeOverAndWhereThereAreTooFewAllRefuse() throws Exception {
        LocalEnsemble three = ensemble(3);
        ZooKeeper client = client(three.connectString());
        write(client, "a", 20);
        long first = three.leader();
        fill(first);
        await().atMost(PATIENCE).until(() -> {
            List<Long> leaders = three.inStates("leader");
            return !leaders.isEmpty() && !leaders.contains(first);
        });
        three.awaitServing();
        awaitConnected(client);
        awaitWritable(client, "b");
        long second = three.leader();
        fill(second);
        ZooKeeper[] clients = new ZooKeeper[3];
        for (int sid = 1; sid <= 3; sid++) {
            clients[sid - 1] = client(three.connectString(sid));
            writeUntilRefused(clients[sid - 1], "c" + sid + "-");
        }
        for (ZooKeeper each : clients) {
            each.sync("/", (rc, path, ctx) -> {}, null);
            assertReads(each);
        }
        free(first);
        free(second);
        for (int sid = 1; sid <= 3; sid++) awaitWritable(clients[sid - 1], "d" + sid + "-");
        for (int sid = 1; sid <= 3; sid++) {
            three.stop(sid);
            three.start(sid);
            three.awaitServing();
        }
        for (ZooKeeper each : clients) {
            awaitConnected(each);
            each.sync("/", (rc, path, ctx) -> {}, null);
            assertReads(each);
        }
    }
}
