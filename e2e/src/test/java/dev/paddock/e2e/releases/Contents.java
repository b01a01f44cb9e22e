package dev.paddock.e2e.releases;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** All that a server shows: data, every field of every {@code Stat}, and ACLs. */
final class Contents {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CONFIG = "/zookeeper/config"; // 3.4 has none, and each server writes its own
    private static final Pattern STATS = Pattern.compile("count=(\\d+),bytes=(\\d+).*"); // later releases say more

    private Contents() {}

    /** By path. */
    static SortedMap<String, String> of(String server) {
        return await("what " + server + " shows")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> read(server), contents -> true);
    }

    private static SortedMap<String, String> read(String server)
            throws IOException, KeeperException, InterruptedException {
        SortedMap<String, String> contents = new TreeMap<>();
        ZooKeeper client = new ZooKeeper(server, (int) PATIENCE.toMillis(), event -> {});
        try {
            client.addAuthInfo("digest", Script.OWNER.getBytes(StandardCharsets.US_ASCII));
            List<String> open = new ArrayList<>(List.of("/"));
            while (!open.isEmpty()) {
                String path = open.removeLast();
                if (!path.equals(CONFIG)) contents.put(path, znode(client, path));
                for (String child : client.getChildren(path, false)) {
                    open.add(path.equals("/") ? "/" + child : path + "/" + child);
                }
            }
        } finally {
            client.close();
        }
        return contents;
    }

    private static String znode(ZooKeeper client, String path) throws KeeperException, InterruptedException {
        Stat stat = new Stat();
        byte[] data = client.getData(path, false, stat);
        String text = data == null ? "null" : new String(data, StandardCharsets.ISO_8859_1);
        if (path.endsWith("/zookeeper_stats")) return statistics(text);
        // A 3.4 has one child less under /zookeeper, which its Stat tells.
        String told = path.equals("/zookeeper") ? "" : stat.toString().strip();
        return text + " " + told + " "
                + client.getACL(path, new Stat()).toString().strip();
    }

    /** Kept by each server outside the log. */
    private static String statistics(String text) {
        Matcher both = STATS.matcher(text);
        return both.matches() ? both.group(1) + " znodes, " + both.group(2) + " bytes" : "no statistics: " + text;
    }
}
