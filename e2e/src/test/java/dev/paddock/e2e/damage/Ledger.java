package dev.paddock.e2e.damage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.histories.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** All that clients were told is there: children of the root, each with data that its name determines. */
final class Ledger {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int DATA_BYTES = 200;

    private final Set<String> asked = new TreeSet<>(); // names
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>(); // some of them

    /** Creates some znodes at these servers; those that are acknowledged count. */
    void write(String servers, int count) throws Exception {
        ZooKeeper client = client(servers);
        var answered = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            String name = ask();
            client.create(
                    "/" + name,
                    data(name),
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (code, path, context, created) -> {
                        if (code == KeeperException.Code.OK.intValue()) acknowledge(name);
                        answered.countDown();
                    },
                    null);
        }
        boolean isDone = answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        client.close();
        assertThat(isDone).as("all requests are answered").isTrue();
    }

    /** The name of one more znode. */
    String ask() {
        String name = "w" + asked.size();
        asked.add(name);
        return name;
    }

    void acknowledge(String name) {
        acknowledged.add(name);
    }

    /** Looks like noise, so that a bit of it that flips is seen. */
    static byte[] data(String name) {
        byte[] data = new byte[DATA_BYTES];
        new Random(name.hashCode()).nextBytes(data);
        return data;
    }

    int size() {
        return acknowledged.size();
    }

    /** What is wrong with what these servers show; they have to show the same. */
    List<String> faultsAt(List<String> servers) {
        SortedMap<String, SortedMap<String, Tree.Znode>> trees = new TreeMap<>();
        for (String server : servers) trees.put(server, Tree.at(server));
        return faultsOf(trees);
    }

    /** @param trees by server */
    List<String> faultsOf(SortedMap<String, SortedMap<String, Tree.Znode>> trees) {
        List<String> faults = new ArrayList<>();
        SortedMap<String, Tree.Znode> first = trees.firstEntry().getValue();
        Set<String> expected = new TreeSet<>(first.keySet());
        acknowledged.forEach(name -> expected.add("/" + name));
        trees.forEach((server, tree) -> {
            expected.stream()
                    .filter(path -> !tree.containsKey(path))
                    .forEach(path -> faults.add(path + " is missing at " + server));
            tree.forEach((path, znode) -> {
                if (!isRight(path, znode)) faults.add(path + " is wrong at " + server);
                else if (!znode.equals(first.get(path))) faults.add(path + " is another at " + server);
            });
        });
        return faults;
    }

    private boolean isRight(String path, Tree.Znode znode) {
        String name = path.substring(1);
        if (path.equals("/") || path.startsWith("/zookeeper")) return true; // is there from the beginning
        return asked.contains(name) && znode.data().equals(new String(data(name), StandardCharsets.ISO_8859_1));
    }

    private static ZooKeeper client(String servers) throws Exception {
        var client = new ZooKeeper(servers, 20_000, event -> {});
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }
}
