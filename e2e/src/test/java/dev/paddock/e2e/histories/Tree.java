package dev.paddock.e2e.histories;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** All below the root but what is the servers' own, as a client of one server sees it behind a {@code sync}. */
public final class Tree {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * A znode as it is there.
     *
     * @param data a char for each byte
     */
    public record Znode(String data, Stat stat) {
        @Override
        public String toString() {
            return data + " " + stat.toString().strip();
        }
    }

    private Tree() {}

    /** By path. Looked at again where a busy machine makes the client lose its server. */
    public static SortedMap<String, Znode> at(String host) {
        return await("the tree at " + host)
                .atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> e.getCause() instanceof KeeperException.ConnectionLossException)
                .until(() -> walked(host), tree -> true);
    }

    private static SortedMap<String, Znode> walked(String host) throws IOException, InterruptedException {
        SortedMap<String, Znode> tree = new TreeMap<>();
        ZooKeeper client = Agreement.client(host);
        try {
            client.addAuthInfo("digest", "somebody:secret".getBytes(StandardCharsets.US_ASCII));
            client.sync("/");
            List<String> level = List.of("/");
            while (!level.isEmpty()) {
                Map<String, Znode> found = looked(client, level);
                tree.putAll(found);
                level = below(client, found);
            }
        } catch (KeeperException e) {
            throw new IOException(host + " does not show its tree", e);
        } catch (ExecutionException e) {
            throw new IOException(host + " does not show its tree", e.getCause());
        } finally {
            client.close();
        }
        return tree;
    }

    private static Map<String, Znode> looked(ZooKeeper client, List<String> paths)
            throws ExecutionException, InterruptedException {
        Map<String, CompletableFuture<Znode>> asked = new TreeMap<>();
        for (String each : paths) {
            var answer = new CompletableFuture<Znode>();
            AsyncCallback.DataCallback callback = (code, path, context, data, stat) -> {
                if (Code.get(code) != Code.OK)
                    answer.completeExceptionally(KeeperException.create(Code.get(code), path));
                else
                    answer.complete(new Znode(data == null ? "" : new String(data, StandardCharsets.ISO_8859_1), stat));
            };
            client.getData(each, false, callback, null);
            asked.put(each, answer);
        }
        Map<String, Znode> found = new TreeMap<>();
        for (var each : asked.entrySet())
            found.put(each.getKey(), each.getValue().get());
        return found;
    }

    private static List<String> below(ZooKeeper client, Map<String, Znode> level)
            throws KeeperException, InterruptedException {
        List<String> paths = new ArrayList<>();
        for (var each : level.entrySet()) {
            if (each.getValue().stat().getNumChildren() == 0) continue;
            String folder = each.getKey().equals("/") ? "/" : each.getKey() + "/";
            for (String child : client.getChildren(each.getKey(), false)) {
                if (!(folder + child).equals("/zookeeper")) paths.add(folder + child);
            }
        }
        return paths;
    }
}
