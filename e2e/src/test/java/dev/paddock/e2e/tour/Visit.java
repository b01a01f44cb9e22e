package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AsyncCallback.StatCallback;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;

/** Apache's Java client on tour: what it is asked, and what it answers, become lines. */
final class Visit {
    static final int TIMEOUT_MILLIS = 30_000;
    private static final int PATIENCE_SECONDS = 60;

    final TourServers servers;
    private final List<String> lines = new ArrayList<>(); // guarded by this
    private final Map<String, List<String>> heard = new LinkedHashMap<>(); // event to its watchers; guarded by this

    Visit(TourServers servers) {
        this.servers = servers;
    }

    /** What a client does that may be refused. */
    interface Attempt {
        Object ask() throws Exception;
    }

    /** Says a line after what watchers heard before it. One event calls its watchers in no order, so they are sorted. */
    synchronized void say(String line) {
        heard.forEach((event, watchers) -> lines.add(event + " heard by " + sorted(watchers)));
        heard.clear();
        lines.add(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** Says what the client returned or threw. */
    void ask(String what, Attempt attempt) throws Exception {
        try {
            say(what + " -> " + text(attempt.ask()));
        } catch (KeeperException e) {
            say(what + " -> " + e.code() + " at " + e.getPath() + results(e));
        } catch (IllegalArgumentException e) {
            say(what + " -> " + e.getMessage());
        }
    }

    private static String results(KeeperException e) {
        return e.getResults() == null ? "" : " " + text(e.getResults());
    }

    /** A watcher that says what it hears. */
    Watcher watcher(String name) {
        return event -> {
            if (event.getType() != Watcher.Event.EventType.None) hear(name, text(event));
        };
    }

    private synchronized void hear(String name, String event) {
        heard.computeIfAbsent(event, key -> new ArrayList<>()).add(name);
    }

    /** Connects to the server where tours begin; the session's own events are not told, for they come when they like. */
    ZooKeeperAdmin connect() throws Exception {
        return connect(watcher("default watcher"));
    }

    ZooKeeperAdmin connect(Watcher told) throws Exception {
        var connected = new CountDownLatch(1);
        var client = new ZooKeeperAdmin(servers.connectString(), TIMEOUT_MILLIS, awaiting(connected, told));
        require(connected, "connect");
        return client;
    }

    /** Passes on what concerns a znode, and counts down when connected. */
    static Watcher awaiting(CountDownLatch connected, Watcher told) {
        return event -> {
            if (event.getType() != Watcher.Event.EventType.None) told.process(event);
            else if (event.getState() == Watcher.Event.KeeperState.SyncConnected) connected.countDown();
        };
    }

    static void require(CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) throw new IllegalStateException(what + " took too long");
    }

    /** Says what watchers heard of it before the answer. */
    void askAndListen(ZooKeeper client, String what, Attempt attempt) throws Exception {
        ask(what, () -> {
            try {
                return attempt.ask();
            } finally {
                settle(client);
            }
        });
    }

    /** Returns when all events and answers that the client has taken are told: they pass through one queue. */
    void settle(ZooKeeper client) throws Exception {
        var answered = new CountDownLatch(1);
        StatCallback countDown = (code, path, context, stat) -> answered.countDown();
        client.exists("/", false, countDown, null);
        require(answered, "settling");
    }

    /** Deletes what is under the path, and the path. */
    static void clear(ZooKeeper client, String path) throws Exception {
        for (String child : children(client, path)) clear(client, path + "/" + child);
        try {
            client.delete(path, -1);
        } catch (KeeperException.NoNodeException e) {
            return; // it was never made
        }
    }

    private static List<String> children(ZooKeeper client, String path) throws Exception {
        try {
            return sorted(client.getChildren(path, false));
        } catch (KeeperException.NoAuthException | KeeperException.NoNodeException e) {
            return List.of(); // who may not look has put nothing there
        }
    }

    static String text(Object answer) {
        return switch (answer) {
            case null -> "null";
            case Stat stat -> stat(stat);
            case byte[] data ->
                data.length > 100
                        ? data.length + " bytes, hash " + Arrays.hashCode(data)
                        : "'" + new String(data, UTF_8) + "'";
            case OpResult.CreateResult created -> "create " + created.getPath() + " " + text(created.getStat());
            case OpResult.SetDataResult set -> "setData " + text(set.getStat());
            case OpResult.DeleteResult deleted -> "delete " + deleted.getType();
            case OpResult.CheckResult checked -> "check " + checked.getType();
            case OpResult.GetChildrenResult listed -> "children " + text(listed.getChildren());
            case OpResult.GetDataResult read -> "data " + text(read.getData()) + " " + text(read.getStat());
            case OpResult.ErrorResult refused -> "error " + refused.getErr();
            case ACL acl ->
                acl.getPerms() + " " + acl.getId().getScheme() + ":"
                        + acl.getId().getId();
            case ClientInfo client -> client.getAuthScheme() + ":" + client.getUser();
            case List<?> list -> list.stream().map(Visit::text).toList().toString();
            default -> answer.toString();
        };
    }

    static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    private static String text(WatchedEvent event) {
        return event.getType() + " " + event.getPath() + " " + event.getState() + " zxid=" + event.getZxid();
    }

    private static String stat(Stat stat) {
        return "czxid=" + stat.getCzxid() + " mzxid=" + stat.getMzxid() + " pzxid=" + stat.getPzxid() + " ctime="
                + stat.getCtime() + " mtime=" + stat.getMtime() + " version=" + stat.getVersion() + " cversion="
                + stat.getCversion() + " aversion=" + stat.getAversion() + " ephemeralOwner=" + stat.getEphemeralOwner()
                + " dataLength=" + stat.getDataLength() + " numChildren=" + stat.getNumChildren();
    }
}
