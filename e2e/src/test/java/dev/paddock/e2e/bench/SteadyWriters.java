package dev.paddock.e2e.bench;

import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes so many times a second, whatever the answers take: latency counts from when a write was due, so that a server that stands
 * still makes all that are due meanwhile late. One client at each server.
 */
final class SteadyWriters implements AutoCloseable {
    private static final int FOLDER_ZNODES = 1_000; // so that no list of children is long
    private static final int MULTI = 500;
    private static final int MULTIS_UNDER_WAY = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double NANOS_PER_SECOND = 1e9;

    private final List<Client> clients = new ArrayList<>();
    private final int znodes;
    private final byte[] data;
    private final SplittableRandom random = new SplittableRandom(1);

    /** Connects. */
    SteadyWriters(List<String> servers, int znodes, int bytes) {
        this.znodes = znodes;
        this.data = new byte[bytes];
        for (String server : servers) clients.add(Client.builder(server).start());
    }

    /** Makes the znodes. */
    void load() throws InterruptedException {
        Client client = clients.getFirst();
        for (int folder = 0; folder * FOLDER_ZNODES < znodes; folder++) {
            var _ = client.create(folder(folder), data, CreateMode.PERSISTENT)
                    .join()
                    .value();
        }
        var underWay = new Semaphore(MULTIS_UNDER_WAY);
        for (int from = 0; from < znodes; from += MULTI) {
            List<Op> ops = new ArrayList<>();
            for (int i = from; i < Math.min(znodes, from + MULTI); i++) {
                ops.add(Op.create(path(i), data, CreateMode.PERSISTENT));
            }
            underWay.acquire();
            var _ = client.multi(ops).whenComplete((reply, failure) -> underWay.release());
        }
        underWay.acquire(MULTIS_UNDER_WAY);
        var _ = client.setData(path(znodes - 1), data, Client.ANY_VERSION)
                .join()
                .value();
    }

    /** Nanoseconds from when each write was due until its answer, ascending. */
    long[] write(int perSecond, Duration during) {
        int count = (int) (perSecond * during.toSeconds());
        long[] latencies = new long[count];
        var answers = new ArrayList<CompletableFuture<Void>>(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + (long) (i * NANOS_PER_SECOND / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime())
                LockSupport.parkNanos(left);
            int at = i;
            answers.add(clients.get(i % clients.size())
                    .setData(path(random.nextInt(znodes)), data, Client.ANY_VERSION)
                    .thenAccept(reply -> {
                        latencies[at] = System.nanoTime() - due;
                        var _ = reply.value(); // throws if it was refused
                    }));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        Arrays.sort(latencies);
        return latencies;
    }

    private static String folder(int number) {
        return "/bench" + number;
    }

    private static String path(int number) {
        return folder(number / FOLDER_ZNODES) + "/znode" + number;
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }
}
