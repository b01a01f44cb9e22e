package dev.paddock.wire.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.DeleteContainerRequest;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.RequestHeader;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.auth.DigestLoginModule;
import org.awaitility.Awaitility;

/** Each operation once, by the Java client, against one server. */
final class StandaloneScript {
    private static final int TIMEOUT_MILLIS = 4000;
    private static final List<ACL> OPEN = Ids.OPEN_ACL_UNSAFE;
    private static final Watcher IGNORE = event -> {};

    private StandaloneScript() {}

    static void run(Path dir, ClientVectors client, TxnVectors txns) throws Exception {
        withServer(
                dir,
                tap -> {
                    ZooKeeper zk = connect(tap, new ZKClientConfig());
                    writes(zk);
                    multis(zk);
                    reads(zk);
                    watches(zk, tap);
                    rawDeleteContainer(tap);
                    zk.close();
                },
                client);
        Configuration.setConfiguration(new Logins());
        withServer(
                dir,
                tap -> {
                    var config = new ZKClientConfig();
                    config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "true");
                    ZooKeeper zk = connect(tap, config);
                    zk.exists("/", false);
                    zk.close();
                },
                client);
        Configuration.setConfiguration(null);
        try (var logs = Files.list(dir.resolve("version-2"))) {
            for (Path log : logs.filter(f -> f.getFileName().toString().startsWith("log."))
                    .sorted()
                    .toList()) {
                txns.addLog(log);
            }
        }
    }

    private interface Script {
        void run(Tap tap) throws Exception;
    }

    private static void withServer(Path dir, Script script, ClientVectors client) throws Exception {
        var server = new ZooKeeperServer(dir.toFile(), dir.toFile(), 500);
        var port = new NIOServerCnxnFactory();
        port.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 60);
        port.startup(server);
        try (var tap = new Tap(port.getLocalAddress())) {
            script.run(tap);
            for (Tap.Link link : tap.links()) {
                client.add(link);
            }
        } finally {
            port.shutdown();
        }
    }

    static ZooKeeper connect(Tap tap, ZKClientConfig config) throws Exception {
        var connected = new CountDownLatch(1);
        var zk = new ZooKeeper(
                "127.0.0.1:" + tap.port(),
                TIMEOUT_MILLIS,
                event -> {
                    if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                config);
        if (!connected.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no connection");
        }
        return zk;
    }

    private static void writes(ZooKeeper zk) throws Exception {
        zk.addAuthInfo("digest", "keeper:hay".getBytes(UTF_8));
        zk.create("/zoo", "käfig".getBytes(UTF_8), OPEN, CreateMode.PERSISTENT);
        zk.create("/zoo/s-", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT_SEQUENTIAL, new Stat());
        zk.create("/zoo/e", new byte[0], OPEN, CreateMode.EPHEMERAL);
        zk.create("/zoo/c", new byte[] {1}, OPEN, CreateMode.CONTAINER, new Stat());
        zk.create("/zoo/t", new byte[] {2}, OPEN, CreateMode.PERSISTENT_WITH_TTL, new Stat(), 60_000);
        zk.setData("/zoo", new byte[] {3, 4}, 0);
        zk.setACL(
                "/zoo",
                Arrays.asList(
                        new ACL(Perms.ALL, new Id("world", "anyone")), new ACL(Perms.READ, new Id("ip", "127.0.0.1"))),
                -1);
        zk.create("/gone", null, OPEN, CreateMode.PERSISTENT);
        zk.delete("/gone", 0);
        refused(() -> zk.delete("/gone", -1));
        refused(() -> zk.create("/zoo", null, OPEN, CreateMode.PERSISTENT));
    }

    private static void multis(ZooKeeper zk) throws Exception {
        zk.multi(List.of(
                Op.create("/m", new byte[] {5}, OPEN, CreateMode.PERSISTENT),
                Op.create("/m/c", null, OPEN, CreateMode.CONTAINER),
                Op.create("/m/t", null, OPEN, CreateMode.PERSISTENT_WITH_TTL, 60_000),
                Op.setData("/m", new byte[] {6}, 0),
                Op.check("/m", 1),
                Op.delete("/m/c", -1)));
        refused(() -> zk.multi(List.of(Op.setData("/m", null, -1), Op.check("/m", 99), Op.delete("/m", -1))));
        zk.multi(List.of());
        zk.multi(List.of(Op.getData("/zoo"), Op.getChildren("/zoo"), Op.getData("/gone")));
    }

    private static void reads(ZooKeeper zk) throws Exception {
        zk.exists("/zoo", false);
        zk.exists("/gone", false);
        zk.getData("/zoo", false, new Stat());
        zk.getACL("/zoo", new Stat());
        zk.getChildren("/zoo", false);
        zk.getChildren("/zoo", false, new Stat());
        zk.getEphemerals("/zoo");
        zk.getAllChildrenNumber("/zoo");
        zk.whoAmI();
        var synced = new CountDownLatch(1);
        zk.sync("/zoo", (rc, path, ctx) -> synced.countDown(), null);
        synced.await();
    }

    private static void watches(ZooKeeper zk, Tap tap) throws Exception {
        zk.exists("/w", IGNORE);
        zk.create("/w", null, OPEN, CreateMode.PERSISTENT);
        zk.getData("/w", IGNORE, null);
        zk.setData("/w", null, -1);
        zk.getChildren("/w", IGNORE);
        zk.create("/w/c", null, OPEN, CreateMode.PERSISTENT);
        zk.getData("/w/c", IGNORE, null);
        zk.delete("/w/c", -1);
        zk.getData("/w", IGNORE, null);
        zk.exists("/later", IGNORE);
        zk.getChildren("/w", IGNORE);
        reconnect(zk, tap); // sends setWatches
        zk.addWatch("/w", IGNORE, AddWatchMode.PERSISTENT);
        zk.addWatch("/zoo", IGNORE, AddWatchMode.PERSISTENT_RECURSIVE);
        reconnect(zk, tap); // sends setWatches2
        zk.removeWatches("/w", IGNORE, Watcher.WatcherType.Any, false);
        zk.removeAllWatches("/zoo", Watcher.WatcherType.Any, false);
        Awaitility.await().until(() -> hasPing(tap));
    }

    private static void reconnect(ZooKeeper zk, Tap tap) throws Exception {
        int before = tap.links().size();
        tap.cut();
        Awaitility.await().until(() -> tap.links().size() > before && zk.getState() == ZooKeeper.States.CONNECTED);
        Awaitility.await().ignoreExceptions().until(() -> zk.exists("/zoo", false) != null);
    }

    private static boolean hasPing(Tap tap) {
        return ClientVectors.frames(tap.links().getLast().fromDialler()).stream()
                .anyMatch(frame -> frame.length == 8 && frame[7] == OpCode.ping);
    }

    /** No client of Apache's sends it: the server does, to itself. */
    private static void rawDeleteContainer(Tap tap) throws Exception {
        int before = tap.links().size();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), tap.port())) {
            Awaitility.await().until(() -> tap.links().size() > before);
            var out = new DataOutputStream(socket.getOutputStream());
            send(
                    out,
                    archive -> new ConnectRequest(0, 0, TIMEOUT_MILLIS, 0, new byte[16], false).serialize(archive, ""));
            send(out, archive -> {
                new RequestHeader(1, OpCode.deleteContainer).serialize(archive, "");
                new DeleteContainerRequest("/zoo/c").serialize(archive, "");
            });
            Tap.Link link = tap.links().getLast();
            Awaitility.await()
                    .until(() -> ClientVectors.frames(link.fromTarget()).size() == 2);
        }
    }

    private interface Body {
        void serialize(BinaryOutputArchive archive) throws IOException;
    }

    private static void send(DataOutputStream out, Body body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        body.serialize(BinaryOutputArchive.getArchive(bytes));
        out.writeInt(bytes.size());
        out.write(bytes.toByteArray());
    }

    private interface Refused {
        void run() throws KeeperException, InterruptedException;
    }

    private static void refused(Refused operation) throws InterruptedException {
        try {
            operation.run();
        } catch (KeeperException expected) {
            return;
        }
        throw new IllegalStateException("was not refused");
    }

    /** One user, for the server and for the client. */
    private static final class Logins extends Configuration {
        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            Map<String, String> options = name.equals("Server")
                    ? Map.of("user_keeper", "hay")
                    : Map.of("username", "keeper", "password", "hay");
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(DigestLoginModule.class.getName(), LoginModuleControlFlag.REQUIRED, options)
            };
        }
    }
}
