package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;

/** Sessions begin, move, are taken up again and end; and the ensemble tells who it is. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaSessions {
    private static final String ROOT = "/java-sessions";

    private final Visit visit;
    private final ZooKeeperAdmin client;

    private JavaSessions(Visit visit, ZooKeeperAdmin client) {
        this.visit = visit;
        this.client = client;
    }

    static void tour(Visit visit) throws Exception {
        try (ZooKeeperAdmin client = visit.connect()) {
            var tour = new JavaSessions(visit, client);
            visit.ask("root", () -> client.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            tour.timeouts();
            tour.ephemerals();
            tour.takenUpAgain();
            tour.moved();
            tour.wrongPassword();
            tour.expired();
            tour.config();
            tour.reconfig();
            Visit.clear(client, ROOT);
        }
    }

    private void timeouts() throws Exception {
        for (int timeout : new int[] {3_000, 3_999, 4_000, 17_001, 40_000, 41_000, 10_000_000}) {
            try (var other = new Session(visit.servers.connectString(), timeout)) {
                visit.ask("asked for " + timeout, () -> other.client.getSessionTimeout());
            }
        }
    }

    private void ephemerals() throws Exception {
        try (ZooKeeper other = visit.connect()) {
            for (String name : List.of("/a", "/ab", "/b")) {
                visit.ask(
                        "create " + name, () -> other.create(ROOT + name, null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
            }
            visit.ask("all", () -> Visit.sorted(other.getEphemerals()));
            visit.ask("by prefix", () -> Visit.sorted(other.getEphemerals(ROOT + "/a")));
            visit.ask("of none", () -> other.getEphemerals(ROOT + "/none"));
            visit.ask("another's", () -> client.getEphemerals("/"));
            visit.ask("descendants", () -> client.getAllChildrenNumber(ROOT));
            visit.ask("descendants of none", () -> client.getAllChildrenNumber(ROOT + "/none"));
            visit.ask("owner", () -> client.exists(ROOT + "/a", false));
            other.close(Visit.TIMEOUT_MILLIS);
            visit.say("closed: " + other.getState());
        }
        visit.ask("left", () -> client.getChildren(ROOT, false));
        visit.ask("parent", () -> client.exists(ROOT, false));
    }

    /** A client that lost its server leaves its session; whoever has id and password takes it up. */
    private void takenUpAgain() throws Exception {
        var first = new Session(visit.servers.connectString(), Visit.TIMEOUT_MILLIS);
        visit.ask("create", () -> first.client.create(ROOT + "/kept", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        long id = first.client.getSessionId();
        byte[] password = first.client.getSessionPasswd();
        first.client.updateServerList("127.0.0.1:1"); // where nobody listens
        try (var second = new Session(visit.servers.connectString(), id, password)) {
            visit.say("the same session: " + (second.client.getSessionId() == id));
            visit.ask("its own", () -> second.client.getEphemerals());
            visit.ask("timeout", () -> second.client.getSessionTimeout());
        }
        visit.ask("after its close", () -> client.exists(ROOT + "/kept", false));
        first.close();
    }

    /** The next server may be behind, so the session waits for what it has seen. */
    private void moved() throws Exception {
        List<String> all = visit.servers.all();
        try (var session = new Session(visit.servers.connectString(), Visit.TIMEOUT_MILLIS)) {
            long id = session.client.getSessionId();
            visit.ask(
                    "create",
                    () -> session.client.create(ROOT + "/moved", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
            for (String next : all.reversed()) {
                session.expectConnect();
                session.client.updateServerList(next);
                if (all.size() > 1) session.awaitConnected();
                visit.ask("still there", () -> session.client.exists(ROOT + "/moved", false));
                visit.say("the same session: " + (session.client.getSessionId() == id));
            }
            visit.ask("no server", () -> {
                session.client.updateServerList("");
                return "done";
            });
        }
    }

    private void wrongPassword() throws Exception {
        try (var owner = new Session(visit.servers.connectString(), Visit.TIMEOUT_MILLIS);
                var thief =
                        new Session(visit.servers.connectString(), owner.client.getSessionId(), new byte[16], false)) {
            visit.say("the thief is " + thief.awaitExpired());
            // Apache's server hangs up on the owner before it looks at the password; the session lives on.
            visit.ask("the owner", () -> owner.askUntilConnected(() -> owner.client.exists("/", false) != null));
        }
        try (var late = new Session(visit.servers.connectString(), 0x7000_0000_0000_0001L, new byte[16], false)) {
            visit.say("a session that never was is " + late.awaitExpired());
            visit.ask("asks", () -> late.client.exists("/", false));
        }
    }

    private void expired() throws Exception {
        try (var session = new Session(visit.servers.connectString(), Visit.TIMEOUT_MILLIS)) {
            visit.ask(
                    "create", () -> session.client.create(ROOT + "/lost", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
            session.client.getTestable().injectSessionExpiration();
            visit.say("the client believes it is " + session.awaitExpired());
            visit.ask("asks", () -> session.client.exists("/", false));
        }
        client.delete(ROOT + "/lost", -1); // to the server the session lives on
    }

    private void config() throws Exception {
        var stat = new Stat();
        visit.ask(
                "config",
                () -> new String(client.getConfig(false, stat), UTF_8).lines().toList());
        visit.ask("config, watched", () -> client.getConfig(visit.watcher("config watcher"), stat).length > 0);
        visit.ask("of the node", () -> client.getData("/zookeeper/config", false, stat).length > 0);
        visit.say("its children " + stat.getNumChildren() + " version " + stat.getVersion());
        visit.ask(
                "states",
                () -> client.getState() + " " + (client.getSaslClient() == null) + " "
                        + client.getClientConfig().getProperty("zookeeper.none"));
        visit.ask("describes itself", () -> client.toString().startsWith("State:CONNECTED"));
        client.register(visit.watcher("registered watcher"));
        visit.ask("exists, watched by who registered", () -> client.exists(ROOT + "/registered", true));
        visit.askAndListen(
                client,
                "create",
                () -> client.create(ROOT + "/registered", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
    }

    /** Every change is refused, for want of a right or for what it asks. */
    private void reconfig() throws Exception {
        var stat = new Stat();
        visit.ask("join", () -> client.reconfigure("server.9=127.0.0.1:1:2;3", null, null, -1, stat));
        visit.ask("leave", () -> client.reconfigure(null, "1", null, -1, stat));
        visit.ask("replace", () -> client.reconfigure(null, null, "server.1=127.0.0.1:1:2;3", -1, stat));
        visit.ask("stale", () -> client.reconfigure(null, List.of("1"), null, 77, stat));
        visit.ask("nothing", () -> client.reconfigure((String) null, null, null, -1, stat));
        client.reconfigure(
                "server.9=127.0.0.1:1:2;3",
                null,
                null,
                -1,
                (code, path, context, data, got) -> visit.say(context + " answers " + code + " " + path),
                "reconfigure");
        client.reconfigure(
                List.of("rubbish"),
                null,
                null,
                -1,
                (code, path, context, data, got) -> visit.say(context + " answers " + code + " " + path),
                "reconfigure rubbish");
        visit.settle(client);
    }

    /** A client that knows whether it is connected or expired. */
    private static final class Session implements AutoCloseable {
        private final AtomicReference<CountDownLatch> connected = new AtomicReference<>(new CountDownLatch(1));
        private final CountDownLatch expired = new CountDownLatch(1);
        private final ZooKeeper client;

        Session(String server, int timeoutMillis) throws Exception {
            client = new ZooKeeper(server, timeoutMillis, watcher());
            awaitConnected();
        }

        Session(String server, long id, byte[] password) throws Exception {
            this(server, id, password, true);
        }

        Session(String server, long id, byte[] password, boolean isExpectedToConnect) throws Exception {
            client = new ZooKeeper(server, Visit.TIMEOUT_MILLIS, watcher(), id, password);
            if (isExpectedToConnect) awaitConnected();
        }

        private Watcher watcher() {
            return event -> {
                if (event.getState() == KeeperState.SyncConnected)
                    connected.get().countDown();
                if (event.getState() == KeeperState.Expired) expired.countDown();
            };
        }

        void expectConnect() {
            connected.set(new CountDownLatch(1));
        }

        void awaitConnected() throws InterruptedException {
            Visit.require(connected.get(), "connect");
        }

        Object askUntilConnected(Visit.Attempt attempt) throws Exception {
            while (true) {
                try {
                    return attempt.ask();
                } catch (KeeperException.ConnectionLossException e) {
                    if (!client.getState().isAlive()) throw e;
                }
            }
        }

        String awaitExpired() throws InterruptedException {
            return expired.await(60, TimeUnit.SECONDS) ? "expired" : "not expired";
        }

        @Override
        public void close() throws InterruptedException {
            client.close();
        }
    }
}
