package dev.paddock.e2e.differential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays stream after stream, each from the next seed, in a few duels at once, until enough requests were sent or a stream
 * shows a difference. The threads of the duels share it.
 */
final class Match {
    private static final int PER_DUEL = 500_000; // a new pair from time to time, since the folders of streams stay
    private static final int PER_LINE = 100_000; // requests between two lines of progress

    private final Arena arena;
    private final Path folder;
    private final long requestsMax;
    private final long startedNanos = System.nanoTime();
    private long nextSeed;
    private long requests; // that were answered alike
    private int duels;
    private boolean isOver;

    /** From this seed on, until so many requests were sent; the servers get folders of their own in {@code folder}. */
    Match(Arena arena, Path folder, long firstSeed, long requestsMax) {
        this.arena = arena;
        this.folder = folder;
        this.nextSeed = firstSeed;
        this.requestsMax = requestsMax;
    }

    /** Plays so many duels at once; a report of a difference, if one is found. */
    Optional<String> play(int atOnce) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<Optional<String>>> all = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) all.add(threads.submit(this::duels));
            Optional<String> report = Optional.empty();
            for (Future<Optional<String>> each : all) {
                Optional<String> one = result(each);
                report = report.or(() -> one);
            }
            return report;
        }
    }

    private Optional<String> duels() throws IOException, InterruptedException {
        Optional<String> report = Optional.empty();
        while (report.isEmpty() && !isOver()) {
            try (var duel = new Duel(arena, folder.resolve("duel" + nextDuel()))) {
                report = play(duel);
            } finally {
                if (report.isPresent()) end();
            }
        }
        return report;
    }

    private Optional<String> play(Duel duel) throws IOException, InterruptedException {
        for (int here = 0; here < PER_DUEL && !isOver(); ) {
            long seed = nextSeed();
            List<Step> stream = Generator.stream(seed, arena);
            Optional<Difference> difference = duel.play(stream);
            if (difference.isPresent()) return Optional.of(report(seed, duel, stream, difference.get()));
            here += Generator.requests(stream);
            alike(Generator.requests(stream));
        }
        return Optional.empty();
    }

    private synchronized boolean isOver() {
        return isOver;
    }

    private synchronized void end() {
        isOver = true;
    }

    private synchronized int nextDuel() {
        return duels++;
    }

    private synchronized long nextSeed() {
        return nextSeed++;
    }

    private synchronized void alike(int more) {
        long before = requests;
        requests += more;
        isOver |= requests >= requestsMax;
        if (before / PER_LINE == requests / PER_LINE) return;
        long millis = Math.max(1, (System.nanoTime() - startedNanos) / 1_000_000);
        System.out.printf(
                "%s: up to seed %d, %,d requests alike, %d a second%n",
                arena, nextSeed - 1, requests, requests * 1000 / millis);
    }

    /** With the shortest stream that still shows a difference, which may be another one: what was different once may stay so. */
    private String report(long seed, Duel duel, List<Step> stream, Difference difference)
            throws IOException, InterruptedException {
        List<Step> shrunk = new Shrinker(duel).shrunk(stream);
        String again = duel.play(shrunk).map(Difference::toString).orElse("not again: it comes and goes\n");
        return arena + ", seed " + seed + "; replay with -Dseed=" + seed + " -Dtest='DifferentialTest#"
                + "the method that failed'\n" + Show.stream(shrunk) + again + "\nas first seen, in the whole stream:\n"
                + difference;
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) throw fault;
            throw new IllegalStateException(e.getCause());
        }
    }
}
