package dev.paddock.cli.up;

import static org.awaitility.Awaitility.await;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.client.ClientException.ConnectionLoss;
import dev.paddock.client.CreateMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Clients that create one znode after the other, and note which were acknowledged. */
final class Writers implements AutoCloseable {
    private static final long PACE_NANOS = Duration.ofMillis(5).toNanos();

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> lost =
            new ConcurrentHashMap<>(); // writes whose outcome is not known, by writer
    private final AtomicInteger written = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    private Writers() {}

    /** Each of them knows the addresses of all servers that may come. */
    static Writers start(Ports ports, int count) {
        Writers writers = new Writers();
        for (int i = 0; i < count; i++) {
            int writer = i;
            writers.threads.add(Thread.ofVirtual().start(() -> writers.write(ports, writer)));
        }
        return writers;
    }

    private void write(Ports ports, int writer) {
        try (Client client =
                Client.builder(ports.connectString(ports.everyServer())).start()) {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                create(client, writer, i);
                LockSupport.parkNanos(PACE_NANOS);
            }
        } catch (InterruptedException stopped) {
            // it was told to
        }
    }

    private void create(Client client, int writer, int number) throws InterruptedException {
        String name = "w-" + writer + "-" + number;
        try {
            client.blocking()
                    .create("/" + name, new byte[10], CreateMode.PERSISTENT)
                    .value();
            acknowledged.add(name);
            written.incrementAndGet();
        } catch (ConnectionLoss loss) {
            if (loss.sent()) lost.merge(writer, 1, Integer::sum);
            else refused.add(loss.getMessage()); // no server for longer than a session lasts
        } catch (ClientException failed) {
            refused.add(failed.getMessage());
        }
    }

    /** Waits until so many more writes were acknowledged. */
    void awaitMore(int count) {
        int enough = written.get() + count;
        await().atMost(Duration.ofMinutes(1)).until(() -> written.get() >= enough);
    }

    void stop() throws InterruptedException {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) thread.join();
    }

    List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** What failed for another reason than that a connection was lost under way. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    /** How many writes, of the writer with the most of them, were under way when its connection was lost. */
    int lostMax() {
        return lost.values().stream().max(Integer::compare).orElse(0);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
