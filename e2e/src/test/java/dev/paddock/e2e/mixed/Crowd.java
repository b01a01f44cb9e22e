package dev.paddock.e2e.mixed;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.histories.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** Clients of Apache's of some servers. */
final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SESSION_MILLIS = 60_000;
    private static final int UNDER_WAY_MAX = 100;
    private static final byte[] EMPTY = {};

    private final Servers servers;
    private final List<ZooKeeper> clients = new ArrayList<>();

    Crowd(Servers servers) {
        this.servers = servers;
    }

    /** A new session at a server. */
    ZooKeeper at(int sid) throws IOException {
        return at(sid, SESSION_MILLIS);
    }

    ZooKeeper at(int sid, int sessionMillis) throws IOException {
        return connected(new ZooKeeper(servers.client(sid), sessionMillis, event -> {}));
    }

    /** The session of another client, taken up at a server. */
    ZooKeeper again(int sid, ZooKeeper of) throws IOException {
        return connected(new ZooKeeper(
                servers.client(sid), SESSION_MILLIS, event -> {}, of.getSessionId(), of.getSessionPasswd()));
    }

    private ZooKeeper connected(ZooKeeper client) {
        clients.add(client);
        await("a session").atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    /** Whether it is there, as the leader knows. */
    static boolean isThere(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        client.sync(path);
        return client.exists(path, false) != null;
    }

    /** So many znodes, acknowledged by that server. */
    void write(int sid, String prefix, int count) throws IOException, InterruptedException {
        ZooKeeper client = at(sid);
        var codes = new ArrayList<CompletableFuture<Code>>();
        var free = new Semaphore(UNDER_WAY_MAX);
        for (int i = 0; i < count; i++) {
            free.acquire();
            var code = new CompletableFuture<Code>();
            codes.add(code);
            AsyncCallback.StringCallback answer = (rc, path, context, name) -> {
                free.release();
                code.complete(Code.get(rc));
            };
            client.create(prefix + i, EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, answer, null);
        }
        for (int i = 0; i < count; i++) {
            if (codes.get(i).join() != Code.OK) ensure(client, prefix + i);
        }
    }

    /** Where the connection was lost, which on a busy machine may be. */
    private static void ensure(ZooKeeper client, String path) {
        await("that " + path + " is there")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> client.exists(path, false) != null
                        || !client.create(path, EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
                                .isEmpty());
    }

    /** Ends all sessions. */
    @Override
    public void close() {
        try {
            for (ZooKeeper client : clients) client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        clients.clear();
    }
}
