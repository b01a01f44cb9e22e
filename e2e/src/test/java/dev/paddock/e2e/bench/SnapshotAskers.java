package dev.paddock.e2e.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks all servers for snapshots at once, and for the next as soon as one has answered. */
final class SnapshotAskers implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean isOver;
    private volatile @Nullable Throwable failure;

    /** @param admins where servers listen for operators */
    SnapshotAskers(List<URI> admins) {
        for (URI admin : admins) threads.add(Thread.ofVirtual().start(() -> askAgainAndAgain(admin)));
    }

    private void askAgainAndAgain(URI admin) {
        var ask = HttpRequest.newBuilder(admin.resolve("/commands/snapshot?streaming=false"))
                .header("Authorization", "digest somebody:anybody") // all may, from this machine
                .build();
        try {
            while (!isOver) {
                var answer = http.send(ask, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200) throw new AssertionError(answer.statusCode() + " " + answer.body());
                written.incrementAndGet();
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            if (!isOver) failure = e;
        }
    }

    /** How many were written so far. */
    int written() {
        Throwable failed = failure;
        if (failed != null) throw new AssertionError(failed);
        return written.get();
    }

    /** Asks for no more, and waits for those that were asked for. */
    @Override
    public void close() {
        isOver = true;
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
