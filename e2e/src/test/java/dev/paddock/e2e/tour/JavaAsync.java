package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.apache.zookeeper.ZooDefs.Ids.READ_ACL_UNSAFE;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback.ACLCallback;
import org.apache.zookeeper.AsyncCallback.AllChildrenNumberCallback;
import org.apache.zookeeper.AsyncCallback.Children2Callback;
import org.apache.zookeeper.AsyncCallback.ChildrenCallback;
import org.apache.zookeeper.AsyncCallback.Create2Callback;
import org.apache.zookeeper.AsyncCallback.DataCallback;
import org.apache.zookeeper.AsyncCallback.EphemeralsCallback;
import org.apache.zookeeper.AsyncCallback.StatCallback;
import org.apache.zookeeper.AsyncCallback.StringCallback;
import org.apache.zookeeper.AsyncCallback.VoidCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** Every asynchronous method, asked without waiting for the answer before. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaAsync {
    private static final String ROOT = "/java-async";
    private static final String NONE = ROOT + "/none";
    private static final byte[] DATA = "data".getBytes(UTF_8);

    private final Visit visit;
    private final ZooKeeper client;

    private final StringCallback onString;
    private final Create2Callback onCreate;
    private final VoidCallback onVoid;
    private final StatCallback onStat;
    private final DataCallback onData;
    private final ACLCallback onAcl;
    private final ChildrenCallback onChildren;
    private final Children2Callback onChildren2;
    private final AllChildrenNumberCallback onNumber;
    private final EphemeralsCallback onEphemerals;

    private JavaAsync(Visit visit, ZooKeeper client) {
        this.visit = visit;
        this.client = client;
        onString = (code, path, context, name) -> told(code, path, context, name);
        onCreate = (code, path, context, name, stat) -> told(code, path, context, name, stat);
        onVoid = (code, path, context) -> told(code, path, context);
        onStat = (code, path, context, stat) -> told(code, path, context, stat);
        onData = (code, path, context, data, stat) -> told(code, path, context, data, stat);
        onAcl = (code, path, context, acl, stat) -> told(code, path, context, acl, stat);
        onChildren = (code, path, context, names) -> told(code, path, context, names);
        onChildren2 = (code, path, context, names, stat) -> told(code, path, context, names, stat);
        onNumber = (code, path, context, number) -> told(code, path, context, number);
        onEphemerals = (code, context, paths) -> told(code, "", context, paths == null ? null : Visit.sorted(paths));
    }

    static void tour(Visit visit) throws Exception {
        try (ZooKeeper client = visit.connect()) {
            visit.ask("root", () -> client.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            var tour = new JavaAsync(visit, client);
            tour.creates();
            tour.reads();
            tour.writes();
            tour.watches();
            visit.settle(client);
            Visit.clear(client, ROOT);
        }
    }

    private void told(int code, String path, Object context, Object... answer) {
        var line = new StringBuilder(context + " answers " + code + " " + path);
        for (Object each : answer) line.append(' ').append(Visit.text(each));
        visit.say(line.toString());
    }

    private void creates() {
        client.create(ROOT + "/a", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, onString, "create");
        client.create(ROOT + "/a", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, onString, "create again");
        client.create(
                ROOT + "/s-", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL, onString, "create sequential");
        client.create(ROOT + "/e", DATA, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL, onCreate, "create2");
        client.create(ROOT + "/e/x", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, onCreate, "create2 below ephemeral");
        client.create(ROOT + "/c", DATA, OPEN_ACL_UNSAFE, CreateMode.CONTAINER, onCreate, "create container");
        client.create(
                ROOT + "/t", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, onCreate, "create ttl", 3_600_000);
    }

    private void reads() {
        Watcher heard = visit.watcher("async watcher");
        for (String path : new String[] {ROOT + "/a", NONE}) {
            client.exists(path, false, onStat, "exists");
            client.exists(path, heard, onStat, "exists, watched");
            client.getData(path, false, onData, "getData");
            client.getData(path, heard, onData, "getData, watched");
            client.getACL(path, new Stat(), onAcl, "getACL");
            client.getChildren(path, false, onChildren, "getChildren");
            client.getChildren(path, heard, onChildren, "getChildren, watched");
            client.getChildren(path, false, onChildren2, "getChildren2");
            client.getChildren(path, heard, onChildren2, "getChildren2, watched");
            client.getAllChildrenNumber(path, onNumber, "getAllChildrenNumber");
            client.getEphemerals(path, onEphemerals, "getEphemerals with prefix");
            client.sync(path, onVoid, "sync");
        }
        client.getEphemerals(onEphemerals, "getEphemerals");
    }

    private void writes() throws Exception {
        client.setData(ROOT + "/a", null, 0, onStat, "setData");
        client.setData(ROOT + "/a", DATA, 0, onStat, "setData, stale");
        client.setData(NONE, DATA, 0, onStat, "setData, none");
        client.setACL(ROOT + "/a", READ_ACL_UNSAFE, 0, onStat, "setACL");
        visit.settle(client); // Apache's server checks by the list before as long as the new one is on its way
        client.setACL(ROOT + "/a", OPEN_ACL_UNSAFE, -1, onStat, "setACL, no right");
        client.setData(ROOT + "/a", DATA, -1, onStat, "setData, no right");
        client.create(NONE, DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, onString, "create what was none");
        client.delete(NONE, 3, onVoid, "delete, stale");
        client.delete(NONE, 0, onVoid, "delete");
        client.delete(NONE, 0, onVoid, "delete again");
        client.delete(ROOT, -1, onVoid, "delete, not empty");
    }

    /** The client looks for a watch in what it knows before it asks the server, so it must have heard the answer before. */
    private void watches() throws Exception {
        Watcher heard = visit.watcher("added watcher");
        client.addWatch(ROOT, heard, AddWatchMode.PERSISTENT_RECURSIVE, onVoid, "addWatch");
        client.addWatch(ROOT, AddWatchMode.PERSISTENT, onVoid, "addWatch, default watcher");
        client.create(ROOT + "/w", DATA, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, onString, "create, watched");
        visit.settle(client);
        client.removeWatches(ROOT, heard, WatcherType.Any, false, onVoid, "removeWatches");
        visit.settle(client);
        client.removeWatches(ROOT, heard, WatcherType.Any, false, onVoid, "removeWatches again");
        client.removeAllWatches(ROOT, WatcherType.Any, false, onVoid, "removeAllWatches");
        client.delete(ROOT + "/w", 0, onVoid, "delete, not watched");
        client.getConfig(false, (code, path, context, data, stat) -> told(code, path, context), "getConfig");
        client.getConfig(heard, (code, path, context, data, stat) -> told(code, path, context), "getConfig, watched");
    }
}
