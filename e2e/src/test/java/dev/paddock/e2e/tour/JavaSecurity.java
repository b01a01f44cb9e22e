package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.zookeeper.ZooDefs.Ids.CREATOR_ALL_ACL;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.apache.zookeeper.ZooDefs.Ids.READ_ACL_UNSAFE;

import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.WatcherType;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** Who may do what, and how much. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaSecurity {
    private static final String ROOT = "/java-security";

    private final Visit visit;
    private final ZooKeeper owner;
    private final ZooKeeper stranger;

    private JavaSecurity(Visit visit, ZooKeeper owner, ZooKeeper stranger) {
        this.visit = visit;
        this.owner = owner;
        this.stranger = stranger;
    }

    static void tour(Visit visit) throws Exception {
        try (ZooKeeper owner = visit.connect();
                ZooKeeper stranger = visit.connect()) {
            var tour = new JavaSecurity(visit, owner, stranger);
            visit.ask("root", () -> owner.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            tour.identities();
            tour.lists();
            tour.rights();
            tour.illegalLists();
            tour.eventsForReadersOnly();
            Visit.clear(owner, ROOT);
        }
        try (ZooKeeper refused = visit.connect()) {
            visit.ask("wrong scheme", () -> {
                refused.addAuthInfo("nobody", new byte[1]);
                return refused.exists("/", false);
            });
            visit.ask("state", () -> refused.getState());
        }
    }

    private void identities() throws Exception {
        visit.ask("who is a stranger", () -> sortedIds(stranger));
        visit.ask("auth as nobody", () -> owner.create(ROOT + "/n", null, CREATOR_ALL_ACL, CreateMode.PERSISTENT));
        owner.addAuthInfo("digest", "ann:secret".getBytes(UTF_8));
        owner.addAuthInfo("digest", "bob:secret".getBytes(UTF_8));
        owner.addAuthInfo("digest", "ann:secret".getBytes(UTF_8));
        visit.ask("who is the owner", () -> sortedIds(owner));
    }

    private static List<String> sortedIds(ZooKeeper client) throws Exception {
        return Visit.sorted(client.whoAmI().stream().map(Visit::text).toList());
    }

    private static String digest(String user) throws Exception {
        return DigestAuthenticationProvider.generateDigest(user);
    }

    private void lists() throws Exception {
        String path = ROOT + "/acl";
        visit.ask("create", () -> owner.create(path, "data".getBytes(UTF_8), CREATOR_ALL_ACL, CreateMode.PERSISTENT));
        acl(owner, path);
        acl(stranger, path);
        var readers = Arrays.asList(
                new ACL(Perms.READ, new Id("world", "anyone")),
                new ACL(Perms.ALL, new Id("digest", digest("ann:secret"))));
        visit.ask("set stale", () -> owner.setACL(path, readers, 1));
        visit.ask("set by a stranger", () -> stranger.setACL(path, readers, 0));
        visit.ask("set", () -> owner.setACL(path, readers, 0));
        acl(owner, path);
        acl(stranger, path);
        visit.ask("ip", () -> owner.setACL(path, Arrays.asList(new ACL(Perms.ALL, new Id("ip", "127.0.0.0/8"))), -1));
        acl(stranger, path);
        visit.ask(
                "other ip", () -> owner.setACL(path, Arrays.asList(new ACL(Perms.ALL, new Id("ip", "10.0.0.1"))), -1));
        acl(stranger, path);
        visit.ask("delete", () -> {
            owner.delete(path, -1);
            return "done";
        });
        acl(owner, path);
        acl(stranger, "/");
        acl(stranger, "/zookeeper/config");
        acl(stranger, "/zookeeper/quota");
    }

    private void acl(ZooKeeper client, String path) throws Exception {
        var stat = new Stat();
        visit.ask("getACL of " + path, () -> sorted(client.getACL(path, stat)));
        visit.say("its stat " + Visit.text(stat));
        visit.ask("getACL without stat", () -> sorted(client.getACL(path, null)));
    }

    /** Whoever has several identities gets them in no order where a list says auth. */
    private static List<String> sorted(List<ACL> acl) {
        return Visit.sorted(acl.stream().map(Visit::text).toList());
    }

    private void rights() throws Exception {
        int[] each = {Perms.READ, Perms.WRITE, Perms.CREATE, Perms.DELETE, Perms.ADMIN, Perms.ALL};
        for (int perms : each) {
            String path = ROOT + "/perms-" + perms;
            var acl = Arrays.asList(
                    new ACL(perms, new Id("world", "anyone")),
                    new ACL(Perms.ALL, new Id("digest", digest("ann:secret"))));
            visit.ask("create", () -> owner.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            visit.ask("child", () -> owner.create(path + "/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            visit.ask("set", () -> owner.setACL(path, acl, -1));
            visit.ask("write", () -> owner.setData(ROOT, null, -1)); // Apache's leader forgets the old list behind it
            visit.ask("exists", () -> stranger.exists(path, false));
            visit.ask("data", () -> stranger.getData(path, false, null));
            visit.ask("children", () -> stranger.getChildren(path, false));
            visit.ask("number", () -> stranger.getAllChildrenNumber(path));
            visit.ask("acl", () -> stranger.getACL(path, null));
            visit.ask("set", () -> stranger.setData(path, null, -1));
            visit.ask("create", () -> stranger.create(path + "/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            visit.ask("check", () -> stranger.multi(List.of(Op.check(path, -1))));
            visit.ask("reads", () -> stranger.multi(List.of(Op.getData(path), Op.getChildren(path))));
            visit.ask("delete child", () -> deleted(stranger, path + "/a"));
            visit.ask("delete no child", () -> deleted(stranger, path + "/none"));
            visit.ask("set acl", () -> stranger.setACL(path, OPEN_ACL_UNSAFE, -1));
            visit.ask("reset", () -> owner.setACL(path, OPEN_ACL_UNSAFE, -1));
        }
        visit.ask("config", () -> stranger.setData("/zookeeper/config", null, -1));
    }

    private static String deleted(ZooKeeper client, String path) throws Exception {
        client.delete(path, -1);
        return "done";
    }

    /** A watch that was set when it was allowed tells nothing while its owner may not read. */
    private void eventsForReadersOnly() throws Exception {
        String path = ROOT + "/watched";
        var own = Arrays.asList(new ACL(Perms.ALL, new Id("digest", digest("ann:secret"))));
        visit.ask("create", () -> owner.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        visit.ask("watch", () -> {
            stranger.addWatch(path, visit.watcher("stranger"), AddWatchMode.PERSISTENT_RECURSIVE);
            return "done";
        });
        for (List<ACL> acl : List.of(OPEN_ACL_UNSAFE, own, OPEN_ACL_UNSAFE)) {
            heard("set acl", path, () -> owner.setACL(path, acl, -1));
            heard("set", path, () -> owner.setData(path, null, -1));
            heard("child", path, () -> owner.create(path + "/c-", null, acl, CreateMode.PERSISTENT_SEQUENTIAL));
        }
        stranger.removeAllWatches(path, WatcherType.Any, false);
        visit.settle(stranger);
    }

    /** Says what the stranger heard of it before the answer. */
    private void heard(String what, String path, Visit.Attempt attempt) throws Exception {
        visit.askAndListen(stranger, what, () -> {
            Object answer = attempt.ask();
            stranger.sync(path);
            return answer;
        });
    }

    private void illegalLists() throws Exception {
        for (Id id : List.of(
                new Id("world", "someone"),
                new Id("nobody", "x"),
                new Id("ip", "10.0.0.0/33"),
                new Id("ip", "not.an.address"),
                new Id("ip", "::1"),
                new Id("digest", "no-colon"),
                new Id("digest", "a:b:c"),
                new Id("x509", "CN=a"),
                new Id("sasl", "ann"),
                new Id("super", ""),
                new Id("auth", "ignored"))) {
            visit.ask(
                    "acl of " + Visit.text(new ACL(Perms.READ, id)),
                    () -> owner.create(
                            ROOT + "/of-",
                            null,
                            Arrays.asList(new ACL(Perms.READ, id)),
                            CreateMode.PERSISTENT_SEQUENTIAL));
        }
        for (String child : Visit.sorted(owner.getChildren(ROOT, false))) acl(owner, ROOT + "/" + child);
        visit.ask(
                "same twice",
                () -> owner.create(
                        ROOT + "/twice",
                        null,
                        Arrays.asList(READ_ACL_UNSAFE.getFirst(), READ_ACL_UNSAFE.getFirst()),
                        CreateMode.PERSISTENT));
        acl(owner, ROOT + "/twice");
    }
}
