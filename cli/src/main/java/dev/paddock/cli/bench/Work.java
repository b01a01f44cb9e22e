package dev.paddock.cli.bench;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the connections ask, one request after another; whichever has room takes the next. Owned by the thread of the load. */
interface Work {
    /** The next request; null when there is none any more. */
    @Nullable
    Frame next(long nowNanos);

    /** This work, but nothing more once the deadline has passed. */
    default Work until(long deadlineNanos) {
        return nowNanos -> nowNanos - deadlineNanos >= 0 ? null : next(nowNanos);
    }

    /** This work, but nothing more once somebody wants it to end. */
    default Work unless(BooleanSupplier isOver) {
        return nowNanos -> isOver.getAsBoolean() ? null : next(nowNanos);
    }

    /** The frame with each number below {@code count}, in order. */
    final class Each implements Work {
        private final Frame frame;
        private final int count;
        private int taken;

        Each(Frame frame, int count) {
            this.frame = frame;
            this.count = count;
        }

        @Override
        public @Nullable Frame next(long nowNanos) {
            return taken == count ? null : frame.numbered(taken++);
        }

        /** How many were asked for so far. */
        int taken() {
            return taken;
        }
    }

    /** One request as it is. */
    final class Once implements Work {
        private @Nullable Frame frame;

        Once(Frame frame) {
            this.frame = frame;
        }

        @Override
        public @Nullable Frame next(long nowNanos) {
            Frame once = frame;
            frame = null;
            return once;
        }
    }
}
