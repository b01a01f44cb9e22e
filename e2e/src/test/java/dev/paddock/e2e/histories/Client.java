package dev.paddock.e2e.histories;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/** A client that asks one thing after the other, and writes down what it was told. Owned by one thread. */
final class Client implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final int PAUSE_MICROS_MAX = 6_000; // without, a fault would see a hundred thousand operations

    private final int number;
    private final String hosts;
    private final int sessionMillis;
    private final Registers registers;
    private final History history;
    private final Random random;
    private final Semaphore events = new Semaphore(0); // of the session
    private @Nullable ZooKeeper zookeeper;
    private final boolean maySync;
    private int session = -1;
    private int writes;

    /**
     * Asks nothing yet.
     *
     * @param number  of no other client
     * @param maySync whether reads behind a {@code sync} are among what it asks
     */
    Client(int number, String hosts, int sessionMillis, Registers registers, History history, boolean maySync) {
        this.number = number;
        this.hosts = hosts;
        this.sessionMillis = sessionMillis;
        this.registers = registers;
        this.history = history;
        this.maySync = maySync;
        this.random = new Random();
    }

    private interface Question {
        Optional<Seen> ask(ZooKeeper zookeeper, Stat stat) throws KeeperException, InterruptedException;
    }

    /** The session, or one more where that has ended, once it is connected: what is asked before is open without need. */
    private ZooKeeper connected() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            ZooKeeper now = zookeeper;
            if (now == null || !now.getState().isAlive()) {
                close();
                now = new ZooKeeper(hosts, sessionMillis, event -> events.release(), new ZKClientConfig());
                zookeeper = now;
                session++;
            }
            if (now.getState().isConnected()) return now;
            events.tryAcquire(100, TimeUnit.MILLISECONDS);
        }
        throw new IllegalStateException("client " + number + " finds no server at " + hosts);
    }

    /** Asks something of some register. */
    void askAnything() throws IOException, InterruptedException {
        LockSupport.parkNanos(1_000L * random.nextInt(PAUSE_MICROS_MAX));
        String key = registers.any(random);
        int version = registers.version(key);
        int dice = random.nextInt(100);
        if (version < 0 && dice < 40) create(key);
        else if (dice < 25 && maySync) read(key);
        else if (dice < 45) peek(key);
        else if (dice < 65) set(key, -1);
        else if (dice < 90) set(key, Math.max(0, version));
        else if (dice < 95) create(key);
        else if (registers.mayDelete(key)) delete(key, random.nextBoolean() ? -1 : Math.max(0, version));
        else peek(key);
    }

    private String value() {
        return number + "-" + writes++;
    }

    private void create(String key) throws IOException, InterruptedException {
        String value = value();
        note(Verb.CREATE, key, value, -1, (zookeeper, stat) -> {
            zookeeper.create("/" + key, bytes(value), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, stat);
            return Optional.of(Seen.of("", stat));
        });
    }

    private void set(String key, int version) throws IOException, InterruptedException {
        String value = value();
        note(Verb.SET, key, value, version, (zookeeper, stat) -> {
            Stat now = zookeeper.setData("/" + key, bytes(value), version);
            return Optional.of(Seen.of("", now));
        });
    }

    private void delete(String key, int version) throws IOException, InterruptedException {
        note(Verb.DELETE, key, "", version, (zookeeper, stat) -> {
            zookeeper.delete("/" + key, version);
            return Optional.empty();
        });
    }

    private void peek(String key) throws IOException, InterruptedException {
        note(Verb.PEEK, key, "", -1, (zookeeper, stat) -> Optional.of(look(zookeeper, key, stat)));
    }

    /** The read is on its way before the {@code sync} is answered, and comes behind it all the same. */
    void read(String key) throws IOException, InterruptedException {
        note(Verb.READ, key, "", -1, (zookeeper, stat) -> {
            var synced = new CompletableFuture<Integer>();
            AsyncCallback.VoidCallback answer = (code, path, context) -> synced.complete(code);
            zookeeper.sync("/" + key, answer, null);
            try {
                return Optional.of(look(zookeeper, key, stat));
            } finally {
                requireSynced(synced);
            }
        });
    }

    /** What was read behind no {@code sync} is not what was asked for. */
    private static void requireSynced(CompletableFuture<Integer> synced) throws KeeperException, InterruptedException {
        try {
            Code code = Code.get(synced.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            if (code != Code.OK) throw KeeperException.create(code);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a sync without an answer", e);
        }
    }

    private static Seen look(ZooKeeper zookeeper, String key, Stat stat) throws KeeperException, InterruptedException {
        byte[] data = zookeeper.getData("/" + key, false, stat);
        return Seen.of(new String(data, StandardCharsets.US_ASCII), stat);
    }

    private void note(Verb verb, String key, String value, int version, Question question)
            throws IOException, InterruptedException {
        ZooKeeper asked = connected();
        Seen seen = null;
        Result result = Result.OK;
        long call = System.nanoTime();
        try {
            seen = question.ask(asked, new Stat()).orElse(null);
        } catch (KeeperException e) {
            result = Result.of(e);
        }
        long end = System.nanoTime();
        history.add(new Operation(number, session, verb, key, value, version, call, end, result, seen));
        registers.told(key, verb, result, seen);
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        if (zookeeper == null) return;
        try {
            zookeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
