package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every admin command beside an Apache ZooKeeper in a process of its own: the same keys, of the same kinds. */
class AdminAgainstApacheTest {
    private static final String[] COMMANDS = {
        "configuration",
        "conf",
        "config",
        "connections",
        "cons",
        "dirs",
        "dump",
        "environment",
        "env",
        "envi",
        "get_trace_mask",
        "gtmk",
        "hash",
        "is_read_only",
        "isro",
        "last_snapshot",
        "lsnp",
        "leader",
        "lead",
        "observers",
        "obsr",
        "ruok",
        "server_stats",
        "srvr",
        "stats",
        "stat",
        "voting_view",
        "watch_summary",
        "wchs",
        "watches",
        "wchc",
        "watches_by_path",
        "wchp",
        "zabstate",
        "connection_stat_reset",
        "crst",
        "observer_connection_stat_reset",
        "orst",
        "set_trace_mask",
        "set_trace_mask?traceMask=306",
        "stmk?traceMask=many",
        "stat_reset",
        "srst",
        "snapshot",
        "snap",
        "nothing",
        "RUOK",
        "ruok/x"
    };

    @TempDir
    Path folder;

    @Test
    void aloneTheyAnswerAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 1);
                var ours = new LocalEnsemble(folder, 1)) {
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            compare("standalone", theirs, 1, ours, 1);
            assertThat(Admin.keys(Admin.json(ours.adminPort(1), "icfg")))
                    .isEqualTo(Admin.keys(Admin.json(theirs.adminPort(1), "icfg")));
            String listed = Admin.text(Admin.get(ours.adminPort(1), "/commands"));
            assertThat(listed.replaceFirst(".*hand_over.*\n<br/>\n", ""))
                    .as("all but a command of our own")
                    .isNotEqualTo(listed)
                    .isEqualTo(Admin.text(Admin.get(theirs.adminPort(1), "/commands")));
            assertThat(Admin.get(ours.adminPort(1), "/elsewhere").statusCode())
                    .isEqualTo(Admin.get(theirs.adminPort(1), "/elsewhere").statusCode())
                    .isEqualTo(404);
            assertThat(Admin.json(ours.adminPort(1), "sysp").get("java.version"))
                    .isEqualTo(Admin.json(theirs.adminPort(1), "sysp").get("java.version"));
        }
    }

    @Test
    void leadersAndFollowersAnswerAlike() throws Exception {
        try (var theirs = new ApacheServers(folder, 3);
                var ours = new LocalEnsemble(folder, 3)) {
            theirs.startAll();
            ours.startAll();
            ours.awaitServing();
            for (String state : List.of("leader", "follower")) {
                compare(state, theirs, theirs.inState(state), ours, ours.inState(state));
            }
        }
    }

    private static void compare(String what, ApacheServers theirs, long theirSid, LocalEnsemble ours, long ourSid)
            throws Exception {
        ZooKeeper ofTheirs = client(theirs.clientPort(theirSid));
        ZooKeeper ofOurs = client(ours.clientPort(ourSid));
        var soft = new SoftAssertions();
        for (String command : COMMANDS) {
            var mine = Admin.get(ours.adminPort(ourSid), "/commands/" + command);
            var his = Admin.get(theirs.adminPort(theirSid), "/commands/" + command);
            String as = command + " of a " + what;
            soft.assertThat(mine.statusCode()).as(as).isEqualTo(his.statusCode());
            soft.assertThat(mine.headers().firstValue("Content-Type").orElse(""))
                    .as(as)
                    .isEqualTo(his.headers().firstValue("Content-Type").orElse(""));
            soft.assertThat(Admin.keys(Admin.json(ours.adminPort(ourSid), command)))
                    .as(as)
                    .isEqualTo(Admin.keys(Admin.json(theirs.adminPort(theirSid), command)));
        }
        var known = Admin.keys(Admin.json(theirs.adminPort(theirSid), "monitor"));
        Set<String> shown = Admin.keys(Admin.json(ours.adminPort(ourSid), "mntr"));
        shown.removeIf(key -> key.contains("_ack_latency")); // which Apache measures for each thousandth proposal
        shown.removeIf(key -> key.contains("disk_")); // which Apache does not look at
        soft.assertThat(shown).isSubsetOf(known).hasSizeGreaterThan(90);
        soft.assertAll();
        ofTheirs.close();
        ofOurs.close();
    }

    private static ZooKeeper client(int port) throws Exception {
        var zk = new ZooKeeper("127.0.0.1:" + port, 20_000, event -> {});
        await().until(() -> zk.getState() == ZooKeeper.States.CONNECTED);
        zk.create("/admin", new byte[3], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        zk.exists("/admin", true);
        return zk;
    }
}
