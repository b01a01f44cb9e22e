package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;
import org.slf4j.LoggerFactory;

/** Clients of Apache's that create znodes one after the other, each in one session as long as they run. */
public final class Writers implements AutoCloseable {
    /** All that they create is right below it. */
    public static final String PARENT = "/written";

    private static final int COUNT = 3;
    private static final int READ = 100; // of what was written
    private static final int SESSION_MILLIS = 30_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20; // they write more names than a client takes by default
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static {
        ((Logger) LoggerFactory.getLogger("org.apache.zookeeper"))
                .setLevel(Level.ERROR); // it says much of lost servers
    }

    private final List<ZooKeeper> clients = new ArrayList<>();
    private final List<Long> sessions = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Map<String, Long> answered =
            new ConcurrentHashMap<>(); // nanoseconds, by the prefix of those that write
    private final AtomicLong lastAnswered = new AtomicLong(); // nanoseconds; of all of them
    private final Map<String, Long> longestGaps =
            new ConcurrentHashMap<>(); // nanoseconds; likewise, of those that are over
    private final AtomicLong longestSilence = new AtomicLong(); // likewise
    private volatile boolean stopping;

    /** @param servers as ZooKeeper's clients take them: {@code host:port,host:port} */
    public Writers(String servers) throws IOException, KeeperException, InterruptedException {
        for (int i = 0; i < COUNT; i++) {
            ZooKeeper client = new ZooKeeper(servers, SESSION_MILLIS, event -> {
                if (event.getState() == KeeperState.Expired) failures.add("a session expired");
            });
            clients.add(client);
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            sessions.add(client.getSessionId());
            if (i == 0) client.create(PARENT, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            String own = PARENT + "/session-" + i;
            client.create(own, content("session-" + i), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            acknowledged.add("session-" + i);
            String prefix = "w" + i + "-";
            answered.put(prefix, System.nanoTime());
            if (i == 0) lastAnswered.set(System.nanoTime());
            threads.add(Thread.ofPlatform().name("writer" + i).start(() -> {
                write(client, prefix);
                endGap(prefix, answered.remove(prefix));
                endSilence(lastAnswered.get());
            }));
        }
    }

    private void write(ZooKeeper client, String prefix) {
        for (int n = 0; !stopping; n++) {
            String name = prefix + n;
            try {
                client.create(PARENT + "/" + name, content(name), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                acknowledged.add(name);
                endGap(prefix, answered.replace(prefix, System.nanoTime()));
                endSilence(lastAnswered.getAndSet(System.nanoTime()));
            } catch (KeeperException.ConnectionLossException e) {
                // whether it was done is not known; the client looks for another server by itself
            } catch (KeeperException | InterruptedException e) {
                failures.add(name + ": " + e);
                return;
            }
        }
    }

    private static byte[] content(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private void endGap(String prefix, long since) {
        longestGaps.merge(prefix, System.nanoTime() - since, Math::max);
    }

    private void endSilence(long since) {
        longestSilence.accumulateAndGet(System.nanoTime() - since, Math::max);
    }

    /** Names so far. */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** The same without the ephemerals, which go when this is closed. */
    public List<String> lasting() {
        return acknowledged.stream()
                .filter(name -> !name.startsWith("session-"))
                .toList();
    }

    /** The longest time that one of them was without an answer, or is by now. */
    public Duration longestGap() {
        return gaps().values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Likewise, of each. */
    private SortedMap<String, Duration> gaps() {
        answered.forEach(this::endGap);
        SortedMap<String, Duration> gaps = new TreeMap<>();
        longestGaps.forEach((prefix, nanos) -> gaps.put(prefix, Duration.ofNanos(nanos)));
        return gaps;
    }

    /**
     * The longest time that none of them was answered, or is not by now. Where all lose their server at once, this is what the ensemble
     * needs; a client itself sleeps for up to 2 s after each server that it tries in vain.
     */
    public Duration longestSilence() {
        if (!answered.isEmpty()) endSilence(lastAnswered.get());
        return Duration.ofNanos(longestSilence.get());
    }

    /** From now on, no gap and no silence counts that is over. */
    public void measureAnew() {
        longestGaps.clear();
        longestSilence.set(0);
    }

    /** What they saw since that was measured anew, in words. */
    public String seen() {
        return "%d writes so far; nobody answered for %d ms, each client was without an answer for %s ms"
                .formatted(
                        acknowledged.size(),
                        longestSilence().toMillis(),
                        gaps().values().stream().map(Duration::toMillis).toList());
    }

    /** Waits until each has been answered again. */
    public void awaitProgress() {
        int before = acknowledged.size();
        await().atMost(PATIENCE).until(() -> acknowledged.size() > before + 3 * COUNT);
    }

    /**
     * Those names that a client of these servers does not find, once it is up to date, or of the first of them finds with another
     * content; to be empty.
     *
     * @param servers as ZooKeeper's clients take them
     */
    public static Set<String> missingAt(String servers, Collection<String> acknowledged)
            throws IOException, InterruptedException {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKConfig.JUTE_MAXBUFFER, String.valueOf(ANSWER_BYTES_MAX));
        ZooKeeper reader = new ZooKeeper(servers, SESSION_MILLIS, _ -> {}, config);
        try {
            return await().atMost(PATIENCE)
                    .ignoreException(KeeperException.ConnectionLossException.class)
                    .until(() -> missing(reader, acknowledged), _ -> true);
        } finally {
            reader.close();
        }
    }

    private static Set<String> missing(ZooKeeper reader, Collection<String> acknowledged)
            throws KeeperException, InterruptedException {
        reader.sync("/");
        Set<String> missing = new HashSet<>(acknowledged); // many: a list would be searched for each
        reader.getChildren(PARENT, false).forEach(missing::remove);
        for (String name : acknowledged.stream().limit(READ).toList()) {
            if (!missing.contains(name)
                    && !Arrays.equals(reader.getData(PARENT + "/" + name, false, null), content(name)))
                missing.add(name);
        }
        return missing;
    }

    /** Ends the writing; what was acknowledged, the ephemerals of the sessions among it, which go on. */
    public List<String> stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) thread.join();
        assertThat(failures).isEmpty();
        for (int i = 0; i < COUNT; i++) {
            ZooKeeper client = clients.get(i);
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            assertThat(client.getSessionId()).isEqualTo(sessions.get(i));
        }
        return acknowledged();
    }

    @Override
    public void close() {
        stopping = true;
        try {
            for (ZooKeeper client : clients) client.close();
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
