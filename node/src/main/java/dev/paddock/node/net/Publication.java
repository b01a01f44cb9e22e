package dev.paddock.node.net;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the core tells the client loops, in batches. No loop begins with a batch before all of them have it: what one has shown
 * to its clients, no other can be behind of, if it takes its share before it answers.
 */
final class Publication<T> {
    private record Letter<T>(long number, List<? extends T> batch) {}

    private final AtomicLong published = new AtomicLong(); // number of the last batch that every loop has
    private final List<Share> shares;

    Publication(int loops) {
        this.shares = Stream.generate(Share::new).limit(loops).toList();
    }

    /** The part of one loop. */
    Share share(int loop) {
        return shares.get(loop);
    }

    /**
     * From any thread.
     *
     * @param byLoop for each loop what it is told, which may be nothing
     */
    synchronized void publish(List<? extends List<? extends T>> byLoop) {
        long number = published.get() + 1;
        for (int loop = 0; loop < shares.size(); loop++) {
            if (!byLoop.get(loop).isEmpty()) shares.get(loop).letters.add(new Letter<>(number, byLoop.get(loop)));
        }
        published.set(number);
    }

    /** What one loop is told, in order. Owned by that loop. */
    final class Share {
        private final ConcurrentLinkedQueue<Letter<T>> letters = new ConcurrentLinkedQueue<>(); // others add to it
        private long taken;

        /** Takes all that is published by now. */
        void take(Consumer<? super List<? extends T>> to) {
            long upTo = published.get();
            if (upTo == taken) return;
            taken = upTo;
            Letter<T> next;
            while ((next = letters.peek()) != null && next.number() <= upTo) {
                letters.remove();
                to.accept(next.batch());
            }
        }
    }
}
