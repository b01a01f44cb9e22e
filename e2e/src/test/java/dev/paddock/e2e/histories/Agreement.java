package dev.paddock.e2e.histories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** That all members hold the same when all is quiet: as they hash it themselves, and as clients see it. */
public final class Agreement {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;

    private static final Pattern COUNTED = Pattern.compile("(?m)^zk_digest_mismatches_count\t([0-9]+)$");
    private static final Pattern ZXID = Pattern.compile("Zxid: (0x[0-9a-f]+)");

    private Agreement() {}

    /** Fails if any two differ, or any has counted or told a difference to its leader since its first start. */
    public static void check(Servers servers) throws IOException, InterruptedException {
        check(servers, false);
    }

    /** Likewise, where servers were killed: what Apache's say of a digest before they serve again proves nothing. */
    static void checkAfterKills(Servers servers) throws IOException, InterruptedException {
        check(servers, true);
    }

    private static void check(Servers servers, boolean wereKilled) throws IOException, InterruptedException {
        Digests.write(servers.clients());
        await("that all have the same zxid")
                .atMost(PATIENCE)
                .until(() -> servers.sids().stream()
                                .map(sid -> zxid(servers, sid))
                                .distinct()
                                .count()
                        == 1);
        assertThat(zxid(servers, 1)).isNotEmpty();
        for (int sid : servers.sids()) digestsMatched(servers, sid, wereKilled);
        Digests.areEqual(servers.sids(), servers::word);
        treesAreEqual(servers);
    }

    private static void digestsMatched(Servers servers, int sid, boolean wereKilled) throws IOException {
        Mismatches told = Mismatches.in(Files.readString(servers.log(sid), StandardCharsets.ISO_8859_1));
        assertThat(told.others()).as("log of server %d", sid).isEmpty();
        if (!wereKilled)
            assertThat(told.beforeItServed()).as("log of server %d", sid).isEmpty();
        if (servers.isApache(sid))
            assertThat(told.matches())
                    .as("digests that server %d compared", sid)
                    .isPositive();
        var counted = COUNTED.matcher(servers.word(sid, "mntr"));
        assertThat(counted.find()).isTrue();
        Mismatches since = Mismatches.in(servers.saidSinceStart(sid));
        assertThat(since.accountFor(Integer.parseInt(counted.group(1))))
                .as("server %d counts %s mismatches and told %s", sid, counted.group(1), since)
                .isTrue();
    }

    private static String zxid(Servers servers, int sid) {
        var zxid = ZXID.matcher(servers.word(sid, "srvr"));
        return zxid.find() ? zxid.group(1) : "";
    }

    /** Connected. */
    static ZooKeeper client(String hosts) throws IOException, InterruptedException {
        var connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(hosts, SESSION_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) connected.countDown();
        });
        if (connected.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) return client;
        client.close();
        throw new IOException("no session at " + hosts);
    }

    private static void treesAreEqual(Servers servers) {
        SortedMap<String, Tree.Znode> first = tree(servers, 1);
        assertThat(first).hasSizeGreaterThan(Digests.TXNS);
        for (int sid : servers.sids()) {
            assertThat(tree(servers, sid)).as("tree of server %d", sid).isEqualTo(first);
        }
    }

    /** Without the members where each server has addresses of its own for the others. */
    private static SortedMap<String, Tree.Znode> tree(Servers servers, int sid) {
        SortedMap<String, Tree.Znode> tree = Tree.at(servers.client(sid));
        assertThat(tree).containsKey(ZooDefs.CONFIG_NODE);
        if (servers.areRelayed()) tree.remove(ZooDefs.CONFIG_NODE);
        return tree;
    }
}
