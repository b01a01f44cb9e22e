package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.AsyncCallback.MultiCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

/** Several operations as one. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaMulti {
    private static final String ROOT = "/java-multi";
    private static final byte[] DATA = "data".getBytes(UTF_8);

    private final Visit visit;
    private final ZooKeeper client;

    private JavaMulti(Visit visit, ZooKeeper client) {
        this.visit = visit;
        this.client = client;
    }

    static void tour(Visit visit) throws Exception {
        try (ZooKeeper client = visit.connect()) {
            visit.ask("root", () -> client.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            var tour = new JavaMulti(visit, client);
            tour.writes();
            tour.refusals();
            tour.reads();
            tour.transaction();
            tour.async();
            Visit.clear(client, ROOT);
        }
    }

    private static Op create(String path, CreateMode mode) {
        return Op.create(path, DATA, OPEN_ACL_UNSAFE, mode);
    }

    private void multi(String what, Op... operations) throws Exception {
        visit.ask(what, () -> client.multi(List.of(operations)));
        visit.ask("then", () -> Visit.sorted(client.getChildren(ROOT, false)));
        visit.ask("and", () -> client.exists(ROOT, false));
    }

    private void writes() throws Exception {
        multi("empty");
        multi("one", create(ROOT + "/one", CreateMode.PERSISTENT));
        multi(
                "of every kind",
                create(ROOT + "/a", CreateMode.PERSISTENT),
                create(ROOT + "/a/b", CreateMode.PERSISTENT),
                Op.setData(ROOT + "/a", "new".getBytes(UTF_8), 0),
                Op.check(ROOT + "/a", 1),
                create(ROOT + "/s-", CreateMode.PERSISTENT_SEQUENTIAL),
                create(ROOT + "/s-", CreateMode.EPHEMERAL_SEQUENTIAL),
                create(ROOT + "/e", CreateMode.EPHEMERAL),
                Op.delete(ROOT + "/a/b", 0),
                create(ROOT + "/a/b", CreateMode.PERSISTENT),
                Op.delete(ROOT + "/one", -1));
        multi("container", create(ROOT + "/c", CreateMode.CONTAINER), Op.delete(ROOT + "/c", 0));
        multi("ttl", Op.create(ROOT + "/t", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, 3_600_000));
        multi(
                "ttl and sequence",
                Op.create(ROOT + "/t-", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, 3_600_000));
        multi("same twice", Op.setData(ROOT + "/a", DATA, 1), Op.setData(ROOT + "/a", null, 2));
        visit.ask("data", () -> client.getData(ROOT + "/a", false, null));
    }

    private void refusals() throws Exception {
        multi("last", create(ROOT + "/x", CreateMode.PERSISTENT), Op.check(ROOT + "/x", 7));
        multi("first", Op.check(ROOT + "/none", -1), create(ROOT + "/x", CreateMode.PERSISTENT));
        multi(
                "middle",
                create(ROOT + "/x", CreateMode.PERSISTENT),
                create(ROOT + "/a", CreateMode.PERSISTENT),
                Op.delete(ROOT + "/a/b", -1));
        multi("not empty", Op.delete(ROOT + "/a", -1));
        multi("child of ephemeral", create(ROOT + "/e/x", CreateMode.PERSISTENT));
        multi("no acl", Op.create(ROOT + "/x", DATA, Collections.emptyList(), CreateMode.PERSISTENT));
        multi("stale", Op.setData(ROOT + "/a", DATA, 0));
        multi("gone within", Op.delete(ROOT + "/a/b", -1), Op.setData(ROOT + "/a/b", DATA, -1));
        multi("wrong flags", Op.create(ROOT + "/x", DATA, OPEN_ACL_UNSAFE, 9));
    }

    private void reads() throws Exception {
        multi(
                "reads",
                Op.getChildren(ROOT + "/a"),
                Op.getData(ROOT + "/a"),
                Op.getData(ROOT + "/none"),
                Op.getChildren(ROOT + "/none"),
                Op.getData(ROOT + "/a/b"));
        multi("mixed", Op.getData(ROOT + "/a"), Op.setData(ROOT + "/a", DATA, -1));
    }

    private void transaction() throws Exception {
        visit.ask(
                "commit",
                () -> client.transaction()
                        .create(ROOT + "/tx", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)
                        .setData(ROOT + "/tx", null, 0)
                        .check(ROOT + "/tx", 1)
                        .delete(ROOT + "/tx", 1)
                        .commit());
        visit.ask(
                "commit refused",
                () -> client.transaction().check(ROOT + "/tx", 1).commit());
    }

    private void async() throws Exception {
        MultiCallback told = (code, path, context, results) ->
                visit.say("multi answers " + code + " " + path + " " + context + " " + Visit.text(results));
        client.multi(List.of(create(ROOT + "/async", CreateMode.PERSISTENT)), told, "good");
        client.multi(
                List.of(create(ROOT + "/y", CreateMode.PERSISTENT), create(ROOT + "/async", CreateMode.PERSISTENT)),
                told,
                "bad");
        client.multi(List.of(Op.getData(ROOT + "/async"), Op.getChildren(ROOT + "/y")), told, "reads");
        client.transaction().delete(ROOT + "/async", 0).commit(told, "transaction");
        visit.settle(client);
    }
}
