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
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** All that is there, quotas and the members among it, as a client of one server sees it behind a {@code sync}. */
public final class Tree {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * A znode as it is there; of the members only what all servers have in common.
     *
     * @param data a char for each byte
     */
    public record Znode(String data, List<ACL> acl, Stat stat) {
        private Znode withAcl(List<ACL> other) {
            return new Znode(data, other, stat);
        }

        /** Each server writes the members down itself, its lines in any order, when it begins to serve. */
        private Znode ofMembers() {
            return new Znode(data.lines().sorted().collect(Collectors.joining("\n")), acl, new Stat());
        }

        @Override
        public String toString() {
            return data + " " + acl + " " + stat.toString().strip();
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
        for (String path : paths) asked.put(path, asked(client, path));
        Map<String, Znode> found = new TreeMap<>();
        for (var each : asked.entrySet()) {
            Znode znode = each.getValue().get();
            found.put(each.getKey(), each.getKey().equals(ZooDefs.CONFIG_NODE) ? znode.ofMembers() : znode);
        }
        return found;
    }

    private static CompletableFuture<Znode> asked(ZooKeeper client, String of) {
        var acl = new CompletableFuture<List<ACL>>();
        AsyncCallback.ACLCallback onAcl =
                (code, path, context, list, stat) -> answered(acl, Code.get(code), path, () -> list);
        client.getACL(of, new Stat(), onAcl, null);
        var znode = new CompletableFuture<Znode>();
        AsyncCallback.DataCallback onData = (code, path, context, data, stat) ->
                answered(znode, Code.get(code), path, () -> new Znode(text(data), List.of(), stat));
        client.getData(of, false, onData, null);
        return znode.thenCombine(acl, Znode::withAcl);
    }

    private static String text(byte @Nullable [] data) {
        return data == null ? "" : new String(data, StandardCharsets.ISO_8859_1);
    }

    private static <T> void answered(CompletableFuture<T> answer, Code code, String path, Supplier<T> value) {
        if (code == Code.OK) answer.complete(value.get());
        else answer.completeExceptionally(KeeperException.create(code, path));
    }

    private static List<String> below(ZooKeeper client, Map<String, Znode> level)
            throws KeeperException, InterruptedException {
        List<String> paths = new ArrayList<>();
        for (var each : level.entrySet()) {
            if (each.getValue().stat().getNumChildren() == 0) continue;
            String folder = each.getKey().equals("/") ? "/" : each.getKey() + "/";
            for (String child : client.getChildren(each.getKey(), false)) paths.add(folder + child);
        }
        return paths;
    }
}
