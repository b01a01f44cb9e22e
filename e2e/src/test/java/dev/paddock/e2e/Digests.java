package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** What members hash their trees to, by their own word. */
public final class Digests {
    /** So many that every member keeps digests of the same transactions, however late it was started: it keeps each 128th. */
    public static final int TXNS = 300;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;
    private static final Pattern NO_MISMATCH = Pattern.compile("zk_digest_mismatches_count\t0([.]0)?\n");

    private Digests() {}

    /** Asks members four letter words. */
    public interface Asking {
        String ask(int member, String word);
    }

    /**
     * No member counts a mismatch, and each has digests that the first has, too, which are the same.
     *
     * @param servers as ZooKeeper's clients take them; they get some writes
     */
    public static void agree(String servers, Collection<Integer> members, Asking asking)
            throws IOException, InterruptedException {
        write(servers);
        await().atMost(PATIENCE).untilAsserted(() -> areEqual(members, asking)); // a follower may be late
        for (int member : members) {
            assertThat(asking.ask(member, "mntr")).as("member %d", member).containsPattern(NO_MISMATCH);
        }
    }

    /** Each has digests that the first has, too, which are the same. */
    public static void areEqual(Collection<Integer> members, Asking asking) {
        int one = members.iterator().next();
        Map<String, String> first = byZxid(asking.ask(one, "hash"));
        for (int member : members) {
            Map<String, String> common = byZxid(asking.ask(member, "hash"));
            common.keySet().retainAll(first.keySet());
            assertThat(common)
                    .as("digests of member %d that member %d has, too", member, one)
                    .isNotEmpty();
            assertThat(first).as("member %d", member).containsAllEntriesOf(common);
        }
    }

    private static Map<String, String> byZxid(String hash) {
        Map<String, String> byZxid = new TreeMap<>();
        for (String line : hash.lines().toList()) byZxid.put(line.substring(0, line.indexOf(':')), line);
        return byZxid;
    }

    /** {@link #TXNS} transactions. */
    public static void write(String servers) throws IOException, InterruptedException {
        ZooKeeper client = new ZooKeeper(servers, SESSION_MILLIS, _ -> {});
        try {
            await("a session").atMost(PATIENCE).until(() -> client.getState().isConnected());
            var done = new AtomicInteger();
            await("so many transactions").atMost(PATIENCE).until(() -> done.addAndGet(written(client)) >= TXNS);
        } finally {
            client.close();
        }
    }

    /** How many of some writes were acknowledged. */
    private static int written(ZooKeeper client) {
        var codes = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < TXNS; i++) {
            var code = new CompletableFuture<Integer>();
            codes.add(code);
            AsyncCallback.StringCallback answer = (rc, path, context, name) -> code.complete(rc);
            client.create(
                    "/agreed-",
                    new byte[8],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL,
                    answer,
                    null);
        }
        return (int)
                codes.stream().filter(code -> Code.get(code.join()) == Code.OK).count();
    }
}
