package dev.paddock.wire.golden;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.apache.zookeeper.txn.DeleteTxn;
import org.apache.zookeeper.txn.TxnHeader;
import org.awaitility.Awaitility;

/** Two voters and an observer: election, each way to synchronize, broadcast, and a reconfiguration. */
final class EnsembleScript {
    private EnsembleScript() {}

    static void run(Path dir, ClientVectors client, QuorumVectors quorum, ElectionVectors elections, TxnVectors txns)
            throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        var follower = new ApacheServer(1, "participant", dir);
        var leader = new ApacheServer(2, "participant", dir);
        var observer = new ApacheServer(3, "observer", dir);
        List<ApacheServer> all = List.of(follower, leader, observer);
        try (follower;
                leader;
                observer) {
            for (ApacheServer server : all) {
                server.start(all);
            }
            broadcast(follower, observer);
            synchronize(all);
            reconfigure(leader, client);
            for (ApacheServer server : all) {
                for (Tap.Link link : server.electionLinks()) {
                    elections.add(link);
                }
            }
            for (Tap.Link link : leader.quorumLinks()) {
                quorum.add(link, txns);
            }
        }
    }

    private static void broadcast(ApacheServer follower, ApacheServer observer) throws Exception {
        try (var toFollower = new Tap(follower.clientAddress());
                var toObserver = new Tap(observer.clientAddress())) {
            ZooKeeper zk = connectWhenServing(toFollower);
            zk.create("/zoo", new byte[] {1}, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            zk.create("/zoo/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            sync(zk);
            ZooKeeper moving = connectWhenServing(toObserver);
            moving.updateServerList(
                    "127.0.0.1:" + toFollower.port()); // reconnects to the follower, which asks for the session
            toObserver.cut();
            Awaitility.await().ignoreExceptions().until(() -> moving.exists("/zoo", false) != null);
            Awaitility.await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // several pings with touches
            moving.close();
            zk.close();
        }
    }

    /** The observer comes back behind (DIFF), ahead of all (TRUNC), and is given everything (SNAP). */
    private static void synchronize(List<ApacheServer> all) throws Exception {
        ApacheServer leader = all.get(1);
        ApacheServer observer = all.get(2);
        try (var tap = new Tap(leader.clientAddress())) {
            ZooKeeper zk = connectWhenServing(tap);
            observer.stop();
            zk.setData("/zoo", new byte[] {2}, -1);
            zk.setData("/zoo", new byte[] {3}, -1);
            restart(observer, all);
            observer.stop();
            writeAhead(observer);
            restart(observer, all);
            zk.close();
        }
        for (ApacheServer server : all) {
            server.stop();
        }
        for (ApacheServer server : all) {
            server.start(all, "-Dzookeeper.forceSnapshotSync=true");
        }
        awaitServing(observer);
    }

    private static void restart(ApacheServer server, List<ApacheServer> all) throws Exception {
        server.start(all);
        awaitServing(server);
    }

    private static void awaitServing(ApacheServer server) throws Exception {
        try (var tap = new Tap(server.clientAddress())) {
            connectWhenServing(tap).close();
        }
    }

    /** Transactions that nobody else has, in the same epoch. */
    private static void writeAhead(ApacheServer server) throws Exception {
        var log = new FileTxnLog(server.versionDir().toFile());
        long last = log.getLastLoggedZxid();
        for (long zxid = last + 1; zxid <= last + 3; zxid++) {
            var header = new TxnHeader(1, 1, zxid, 1, OpCode.delete);
            log.append(new Request(header, new DeleteTxn("/nothing"), null));
        }
        log.commit();
        log.close();
    }

    private static void reconfigure(ApacheServer leader, ClientVectors client) throws Exception {
        try (var tap = new Tap(leader.clientAddress())) {
            connectWhenServing(tap).close();
            var admin = new ZooKeeperAdmin("127.0.0.1:" + tap.port(), 4000, event -> {});
            String joining = "server.9=127.0.0.1:1:2:observer;127.0.0.1:3";
            admin.reconfigure(joining, null, null, -1, new org.apache.zookeeper.data.Stat());
            admin.close();
            for (Tap.Link link : tap.links()) {
                client.add(link);
            }
        }
    }

    private static void sync(ZooKeeper zk) throws Exception {
        var synced = new CountDownLatch(1);
        zk.sync("/zoo", (rc, path, ctx) -> synced.countDown(), null);
        synced.await();
    }

    private static ZooKeeper connectWhenServing(Tap tap) throws Exception {
        ZooKeeper zk = StandaloneScript.connect(tap, new ZKClientConfig());
        Awaitility.await().ignoreExceptions().until(() -> zk.exists("/", false) != null);
        return zk;
    }
}
