package dev.paddock.node.log;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time that goes by while a disk has no room. From any thread. */
interface RoomWait {
    /** Monotonic, in nanoseconds. */
    long nanos();

    /** Returns after so long; false, and at once, where nobody waits any more. */
    boolean goesOn(long millis) throws InterruptedException;

    /** Nobody waits any more. */
    void end();

    /** By the clock of the system. */
    static RoomWait ofSystem() {
        var ended = new CountDownLatch(1);
        return new RoomWait() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public boolean goesOn(long millis) throws InterruptedException {
                return !ended.await(millis, TimeUnit.MILLISECONDS);
            }

            @Override
            public void end() {
                ended.countDown();
            }
        };
    }
}
