package dev.paddock.node.net;

import java.util.random.RandomGenerator;

/**
 * How clients are sent to other servers: their connections are closed in batches, at times that differ, so that not all of
 * them come to the others at once.
 */
final class Departure {
    private static final int BATCH_MILLIS = 50; // between two batches on average; one client leaves in each millisecond
    private static final int LOOK_MILLIS = 5; // whether the last answers have left

    /** Those who are to leave. */
    interface Crowd {
        /** Closes one in {@code share} of the connections, of those that wait for no answer; returns how many are left. */
        long leave(int share);
    }

    /** How time passes. */
    interface Time {
        /** Monotonic. */
        long nowMillis();

        void pass(long millis) throws InterruptedException;
    }

    static final Time REAL_TIME = new Time() {
        @Override
        public long nowMillis() {
            return System.nanoTime() / 1_000_000;
        }

        @Override
        public void pass(long millis) throws InterruptedException {
            Thread.sleep(millis);
        }
    };

    private Departure() {}

    /**
     * Sends them away.
     *
     * @param count how many are there
     * @return how many were left when the time was over
     */
    static long of(Crowd crowd, long count, long millisMax, Time time, RandomGenerator random)
            throws InterruptedException {
        long start = time.nowMillis();
        int batches = (int) (Math.min(millisMax, count) / BATCH_MILLIS);
        long left = count;
        while (left > 0 && time.nowMillis() - start < millisMax) {
            int share = Math.max(1, batches--);
            left = crowd.leave(share);
            if (left > 0) time.pass(share > 1 ? random.nextLong(2 * BATCH_MILLIS) : LOOK_MILLIS);
        }
        return left;
    }
}
