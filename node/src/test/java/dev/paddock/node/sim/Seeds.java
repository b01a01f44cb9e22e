package dev.paddock.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;

/** Runs many seeds, each in one thread and knowing nothing of the others, as many at a time as there are processors. */
final class Seeds {
    private static final int FAILURES_MAX = 3; // more tell nothing new
    private static final int PROGRESS_EVERY = 10_000;
    private static final int SOAK_TIMES = 20;

    private final long[] seeds;
    private final LongFunction<Ordeal> ordeal;
    private final AtomicInteger next = new AtomicInteger();
    private final Tally tally = new Tally(); // guarded by itself
    private final List<Throwable> failures = new ArrayList<>(); // guarded by tally

    private Seeds(long[] seeds, LongFunction<Ordeal> ordeal) {
        this.seeds = seeds;
        this.ordeal = ordeal;
    }

    /**
     * Those of a test that runs each by itself, from 0 on; {@code -Dseed=N} chooses one, {@code -Dseeds=N} so many.
     *
     * @param usual  how many; a soak has 20 times as many
     * @param others that run besides
     */
    static LongStream chosen(long usual, long... others) {
        Long one = Long.getLong("seed");
        if (one != null) return LongStream.of(one);
        long count = Long.getLong("soak.seeds") == null ? usual : SOAK_TIMES * usual;
        return LongStream.concat(LongStream.range(0, Long.getLong("seeds", count)), LongStream.of(others));
    }

    /**
     * Runs all of them.
     *
     * @param ordeal makes the run of a seed
     * @return what they went through
     */
    static Tally run(long[] seeds, LongFunction<Ordeal> ordeal) throws InterruptedException, ExecutionException {
        Seeds all = new Seeds(seeds, ordeal);
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) workers.add(executor.submit(all::work));
            for (Future<?> worker : workers) worker.get();
        }
        Assertions.assertAll(all.failures.stream().map(failure -> () -> {
            throw failure;
        }));
        return all.tally;
    }

    private void work() {
        for (int i = next.getAndIncrement(); i < seeds.length && goesOn(); i = next.getAndIncrement()) {
            runOne(seeds[i]);
            if ((i + 1) % PROGRESS_EVERY == 0) System.out.printf("%,d of %,d seeds%n", i + 1, seeds.length);
        }
    }

    private boolean goesOn() {
        synchronized (tally) {
            return failures.size() < FAILURES_MAX;
        }
    }

    private void runOne(long seed) {
        List<Tally> runs = new ArrayList<>(1); // that of all faults
        @Nullable Throwable failure = null;
        try {
            Shrinker.run(() -> {
                Ordeal one = ordeal.apply(seed);
                if (runs.isEmpty()) runs.add(one.sim.tally);
                return one;
            });
        } catch (AssertionError e) {
            failure = e;
        }
        synchronized (tally) {
            tally.count("seeds");
            tally.add(runs.getFirst());
            if (failure != null) failures.add(failure);
        }
    }
}
