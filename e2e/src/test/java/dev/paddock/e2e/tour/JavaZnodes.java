package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.AsyncCallback.MultiCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Znodes come, change, are read and go. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaZnodes {
    private static final String ROOT = "/java-znodes";
    private static final int MANY = 10_000;

    private final Visit visit;
    private final ZooKeeper client;

    private JavaZnodes(Visit visit, ZooKeeper client) {
        this.visit = visit;
        this.client = client;
    }

    static void tour(Visit visit) throws Exception {
        try (ZooKeeper client = visit.connect()) {
            var tour = new JavaZnodes(visit, client);
            visit.ask("root", () -> client.create(ROOT, new byte[0], OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            tour.createInEveryMode();
            tour.readAndWrite();
            tour.delete();
            tour.paths();
            tour.bigData();
            tour.bigList();
            Visit.clear(client, ROOT);
        }
    }

    private void createInEveryMode() throws Exception {
        for (CreateMode mode : CreateMode.values()) {
            String path = ROOT + "/" + mode.name().toLowerCase(java.util.Locale.ROOT) + "-";
            create(path, mode);
            create(path, mode);
            var stat = new Stat();
            visit.ask("exists " + mode, () -> client.exists(path, false));
            visit.ask(
                    "with stat",
                    () -> client.create(path + "s", "data".getBytes(UTF_8), OPEN_ACL_UNSAFE, mode, stat, ttl(mode)));
            visit.say("its stat " + Visit.text(stat));
            visit.ask("child", () -> client.create(path + "/child", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        }
        visit.ask(
                "ttl 0",
                () -> client.create(ROOT + "/t", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, 0));
        long most = 0xFFFFFFFFFFL;
        visit.ask(
                "most ttl",
                () -> client.create(ROOT + "/t1", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, most));
        visit.ask(
                "over",
                () -> client.create(
                        ROOT + "/t2", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, most + 1));
        var stat = new Stat();
        visit.ask("stat", () -> client.create(ROOT + "/st", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, stat));
        visit.say("its stat " + Visit.text(stat));
        visit.ask("no acl", () -> client.create(ROOT + "/n", null, List.of(), CreateMode.PERSISTENT));
        visit.ask("no parent", () -> client.create(ROOT + "/no/n", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        visit.ask("all", () -> Visit.sorted(client.getChildren(ROOT, false)));
        visit.ask("parent", () -> client.exists(ROOT, false));
    }

    private void create(String path, CreateMode mode) throws Exception {
        visit.ask(
                "create " + mode,
                () -> client.create(path, "data".getBytes(UTF_8), OPEN_ACL_UNSAFE, mode, null, ttl(mode)));
    }

    private static long ttl(CreateMode mode) {
        return mode.isTTL() ? 3_600_000 : -1;
    }

    private void readAndWrite() throws Exception {
        String path = ROOT + "/data";
        var stat = new Stat();
        visit.ask("create null", () -> client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        visit.ask("get null", () -> client.getData(path, false, stat));
        visit.say("its stat " + Visit.text(stat));
        visit.ask("set", () -> client.setData(path, "one".getBytes(UTF_8), 0));
        visit.ask("set stale", () -> client.setData(path, "two".getBytes(UTF_8), 0));
        visit.ask("set any", () -> client.setData(path, "zwei \u00fc \ud83e\udd8a".getBytes(UTF_8), -1));
        visit.ask("get", () -> client.getData(path, null, stat));
        visit.say("its stat " + Visit.text(stat));
        visit.ask("set empty", () -> client.setData(path, new byte[0], 2));
        visit.ask("set nothing", () -> client.setData(path, null, 3));
        visit.ask("get empty", () -> client.getData(path, false, null));
        visit.ask("get none", () -> client.getData(ROOT + "/none", false, null));
        visit.ask("set none", () -> client.setData(ROOT + "/none", null, -1));
        visit.ask("exists none", () -> client.exists(ROOT + "/none", null));
        visit.ask("exists root", () -> client.exists("/", false).getNumChildren() > 0);
        visit.ask("sync", () -> {
            client.sync(path);
            return "done";
        });
        visit.ask("sync none", () -> {
            client.sync(ROOT + "/none");
            return "done";
        });
    }

    private void delete() throws Exception {
        String path = ROOT + "/gone";
        visit.ask("create", () -> client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        visit.ask("create child", () -> client.create(path + "/c", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        delete(path, -1);
        delete(path + "/c", 1);
        delete(path + "/c", 0);
        delete(path + "/c", 0);
        visit.ask("parent", () -> client.exists(path, false));
        delete(path, -1);
        delete("/", -1);
        delete("/zookeeper", -1);
        delete("/zookeeper/quota", -1);
        delete("/zookeeper/config", -1);
    }

    private void delete(String path, int version) throws Exception {
        visit.ask("delete " + path + " " + version, () -> {
            client.delete(path, version);
            return "done";
        });
    }

    /** Most of these the client itself refuses; a name that it lets pass is the server's to judge. */
    private void paths() throws Exception {
        for (String path : List.of(
                "", "a", "//", "/a/", "/a//b", "/a/./b", "/a/../b", "/\u0000", "/\u0001", "/\ud800", "/\ufff0")) {
            visit.ask(
                    "path " + path.codePoints().boxed().toList(),
                    () -> client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        }
        for (String name : List.of("...", " ", "a b", "\u00e4\u4e2d", "\ud83e\udd8a", "0123456789".repeat(50))) {
            visit.ask(
                    "name " + name,
                    () -> client.create(ROOT + "/" + name, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            delete(ROOT + "/" + name, 0);
        }
        visit.ask("config node", () -> client.setData("/zookeeper/config", new byte[1], -1));
        visit.ask("below quota", () -> client.create("/zookeeper/other", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        delete("/zookeeper/other", -1);
    }

    private void bigData() throws Exception {
        String path = ROOT + "/big";
        byte[] big = new byte[1_000_000];
        for (int i = 0; i < big.length; i++) big[i] = (byte) (i * 31);
        visit.ask("create big", () -> client.create(path, big, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        visit.ask("get big", () -> client.getData(path, false, null));
        byte[] bigger = new byte[1_048_520];
        visit.ask("set bigger", () -> client.setData(path, bigger, -1));
        visit.ask("get bigger", () -> client.getData(path, false, null).length);
        visit.ask("too big", () -> client.setData(path, new byte[1_100_000], -1));
        visit.ask("after that", () -> onceConnected(() -> client.setData(path, new byte[1], -1)));
    }

    /** The client may learn of the loss of its connection from the request after the one that was too big. */
    private static Object onceConnected(Visit.Attempt attempt) throws Exception {
        while (true) {
            try {
                return attempt.ask();
            } catch (KeeperException.ConnectionLossException e) {
                Thread.onSpinWait();
            }
        }
    }

    private void bigList() throws Exception {
        String path = ROOT + "/list";
        visit.ask("create", () -> client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        MultiCallback ignored = (code, about, context, results) -> {};
        for (int i = 0; i < MANY; i += 1000) {
            List<Op> creates = new ArrayList<>();
            for (int k = i; k < i + 1000; k++) {
                creates.add(Op.create(path + "/child-number-" + k, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            }
            client.multi(creates, ignored, null);
        }
        var stat = new Stat();
        visit.ask(
                "hash of the names",
                () -> Visit.sorted(client.getChildren(path, false, stat)).hashCode());
        visit.say("stat " + Visit.text(stat));
        visit.ask("descendants", () -> client.getAllChildrenNumber(path));
        List<String> names = client.getChildren(path, false);
        for (int i = 0; i < MANY; i += 1000) {
            client.multi(
                    names.subList(i, i + 1000).stream()
                            .map(name -> Op.delete(path + "/" + name, -1))
                            .toList(),
                    ignored,
                    null);
        }
        visit.ask("emptied", () -> client.exists(path, false));
    }
}
