package dev.paddock.e2e.tour;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;

/** Watches of every kind: set, fired, removed, and carried over a lost connection. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaWatches {
    private static final String ROOT = "/java-watches";
    private static final String PATH = ROOT + "/a";

    private final Visit visit;
    private final ZooKeeper client;
    private final AtomicReference<CountDownLatch> connected;

    private JavaWatches(Visit visit, ZooKeeper client, AtomicReference<CountDownLatch> connected) {
        this.visit = visit;
        this.client = client;
        this.connected = connected;
    }

    static void tour(Visit visit) throws Exception {
        var connected = new AtomicReference<>(new CountDownLatch(1));
        Watcher told = visit.watcher("default watcher");
        try (var client = new ZooKeeper(
                visit.servers.connectString(), Visit.TIMEOUT_MILLIS, event -> heard(event, connected, told))) {
            Visit.require(connected.get(), "connect");
            var tour = new JavaWatches(visit, client, connected);
            tour.ask("root", () -> client.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            tour.oneShot();
            tour.added();
            tour.removed();
            tour.removedThatNeverWere();
            tour.byMulti();
            tour.ofAnother();
            tour.overALostConnection();
            Visit.clear(client, ROOT);
            visit.settle(client);
        }
    }

    private static void heard(WatchedEvent event, AtomicReference<CountDownLatch> connected, Watcher told) {
        Visit.awaiting(connected.get(), told).process(event);
    }

    /** Says what watchers heard of it before the answer. */
    private void ask(String what, Visit.Attempt attempt) throws Exception {
        visit.askAndListen(client, what, attempt);
    }

    private void changes(ZooKeeper by) throws Exception {
        ask("create", () -> by.create(PATH, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        ask("set", () -> by.setData(PATH, new byte[1], -1));
        ask("set ACL", () -> by.setACL(PATH, OPEN_ACL_UNSAFE, -1));
        ask("create child", () -> by.create(PATH + "/b", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        visit.settle(client);
        delete(by, PATH + "/b");
        delete(by, PATH);
    }

    private void delete(ZooKeeper by, String path) throws Exception {
        ask("delete " + path, () -> {
            by.delete(path, -1);
            return "done";
        });
    }

    private void oneShot() throws Exception {
        ask("exists", () -> client.exists(PATH, visit.watcher("exists watcher")));
        ask("exists by default", () -> client.exists(PATH, true));
        ask("data of none", () -> client.getData(PATH, visit.watcher("no data watcher"), null));
        ask("children of root", () -> client.getChildren(ROOT, visit.watcher("root watcher")));
        changes(client);
        ask("create", () -> client.create(PATH, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        Watcher same = visit.watcher("twice watcher");
        ask("data", () -> client.getData(PATH, same, null));
        ask("exists", () -> client.exists(PATH, same));
        ask("children", () -> client.getChildren(PATH, same));
        ask("data by default", () -> client.getData(PATH, true, null));
        ask("children by default", () -> client.getChildren(PATH, true));
        ask("children and stat by default", () -> client.getChildren(PATH, true, null));
        ask("children and stat", () -> client.getChildren(PATH, visit.watcher("stat watcher"), null));
        delete(client, PATH);
    }

    private void added() throws Exception {
        for (AddWatchMode mode : AddWatchMode.values()) {
            Watcher added = visit.watcher(mode + " watcher");
            ask("add to what is not", () -> add(PATH, added, mode));
            ask("add to root", () -> add(ROOT, added, mode));
            ask("add again", () -> add(ROOT, added, mode));
            changes(client);
            changes(client);
            remove(PATH, added, WatcherType.Any);
            remove(ROOT, added, WatcherType.Any);
        }
        ask("add by default", () -> {
            client.addWatch(ROOT, AddWatchMode.PERSISTENT_RECURSIVE);
            return "done";
        });
        ask("both kinds", () -> add(ROOT, visit.watcher("plain"), AddWatchMode.PERSISTENT));
        ask("one-shot, too", () -> client.getChildren(ROOT, visit.watcher("one-shot")));
        changes(client);
        removeAll(ROOT, WatcherType.Any);
    }

    private String add(String path, Watcher watcher, AddWatchMode mode) throws Exception {
        client.addWatch(path, watcher, mode);
        return "done";
    }

    private String synced(String path) throws Exception {
        client.sync(path);
        return "done";
    }

    private void remove(String path, Watcher watcher, WatcherType type) throws Exception {
        ask("remove " + type + " of " + path, () -> {
            client.removeWatches(path, watcher, type, false);
            return "done";
        });
    }

    private void removeAll(String path, WatcherType type) throws Exception {
        ask("remove all " + type + " of " + path, () -> {
            client.removeAllWatches(path, type, false);
            return "done";
        });
    }

    private void removed() throws Exception {
        ask("create", () -> client.create(PATH, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        for (WatcherType type : WatcherType.values()) {
            Watcher data = visit.watcher("data watcher");
            Watcher children = visit.watcher("child watcher");
            Watcher persistent = visit.watcher("persistent watcher");
            ask("data", () -> client.getData(PATH, data, null));
            ask("children", () -> client.getChildren(PATH, children));
            ask("persistent", () -> add(PATH, persistent, AddWatchMode.PERSISTENT));
            ask("recursive", () -> add(PATH, visit.watcher("recursive watcher"), AddWatchMode.PERSISTENT_RECURSIVE));
            for (Watcher each : List.of(data, children, persistent)) remove(PATH, each, type);
            ask("set", () -> client.setData(PATH, null, -1));
            ask("create child", () -> client.create(PATH + "/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            visit.settle(client);
            removeAll(PATH, type);
            delete(client, PATH + "/b");
            removeAll(PATH, WatcherType.Any);
        }
        delete(client, PATH);
    }

    private void removedThatNeverWere() throws Exception {
        Watcher never = visit.watcher("never");
        for (WatcherType type : WatcherType.values()) {
            remove(ROOT, never, type);
            removeAll(ROOT, type);
            removeAll(PATH, type);
        }
        ask("data", () -> client.getData(ROOT, never, null));
        remove(ROOT, never, WatcherType.Children);
        remove(ROOT, never, WatcherType.Data);
        remove(ROOT, never, WatcherType.Data);
    }

    private void byMulti() throws Exception {
        ask("add", () -> add(ROOT, visit.watcher("multi watcher"), AddWatchMode.PERSISTENT_RECURSIVE));
        ask("children", () -> client.getChildren(ROOT, visit.watcher("child watcher")));
        ask(
                "multi",
                () -> client.multi(List.of(
                        Op.create(PATH, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.setData(PATH, new byte[1], 0),
                        Op.create(PATH + "/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.delete(PATH + "/b", -1),
                        Op.delete(PATH, -1))));
        visit.settle(client);
        removeAll(ROOT, WatcherType.Any);
    }

    /** An event that another's write caused comes before the answer to a later read; sync makes the read late enough. */
    private void ofAnother() throws Exception {
        try (ZooKeeper other = visit.connect()) {
            ask("exists", () -> client.exists(PATH, visit.watcher("exists watcher")));
            ask("add", () -> add(ROOT, visit.watcher("recursive watcher"), AddWatchMode.PERSISTENT_RECURSIVE));
            ask("create", () -> other.create(PATH, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            ask("create ephemeral", () -> other.create(PATH + "/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL));
        }
        ask("sync", () -> synced(ROOT));
        delete(client, PATH);
        removeAll(ROOT, WatcherType.Any);
    }

    /** The client sends its watches again; what happened meanwhile is told to it then. */
    private void overALostConnection() throws Exception {
        String[] paths = {ROOT + "/deleted", ROOT + "/changed", ROOT + "/same"};
        for (String path : paths) {
            ask("create", () -> client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            ask("data", () -> client.getData(path, visit.watcher("data watcher " + path), null));
            ask("children", () -> client.getChildren(path, visit.watcher("child watcher " + path)));
        }
        ask("exists", () -> client.exists(ROOT + "/created", visit.watcher("exists watcher")));
        ask("persistent", () -> add(ROOT, visit.watcher("persistent watcher"), AddWatchMode.PERSISTENT));
        ask(
                "recursive",
                () -> add(ROOT + "/same", visit.watcher("recursive watcher"), AddWatchMode.PERSISTENT_RECURSIVE));
        try (ZooKeeper other = visit.connect()) {
            connected.set(new CountDownLatch(1));
            client.getTestable().closeSocket();
            other.delete(paths[0], -1);
            other.setData(paths[1], new byte[1], -1);
            other.create(ROOT + "/created", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.exists(
                    "/", false, (code, path, context, stat) -> {}, null); // wakes the client, to find its socket closed
            Visit.require(connected.get(), "reconnect");
            ask("sync", () -> synced(ROOT));
            ask("set what was same", () -> other.setData(paths[2], new byte[1], -1));
            ask("its child", () -> other.create(paths[2] + "/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            ask("sync", () -> synced(ROOT));
        }
        ask("state", () -> client.getState());
        removeAll(ROOT, WatcherType.Any);
    }
}
