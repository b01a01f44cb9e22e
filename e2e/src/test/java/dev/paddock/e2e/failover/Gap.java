package dev.paddock.e2e.failover;

import dev.paddock.e2e.failover.Scribe.Ack;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long writes were held up by something that happened.
 *
 * @param nextNanos    from just before it until any write was answered that was asked for after it
 * @param silenceNanos longest time since a moment before in which no write of anybody was answered
 */
record Gap(long nextNanos, long silenceNanos) {
    private static final long BEFORE_NANOS = 2_000_000_000L;

    /**
     * Looks at what was answered until now.
     *
     * @param fromNanos just before it happened
     * @param toNanos   just after
     */
    static Gap around(long fromNanos, long toNanos, List<Scribe> scribes) {
        long next = scribes.stream()
                .flatMap(scribe -> scribe.acksSince(toNanos).stream())
                .mapToLong(ack -> ack.answeredNanos() - fromNanos)
                .min()
                .orElseThrow();
        long[] answered = scribes.stream()
                .flatMap(scribe -> scribe.acksSince(fromNanos - BEFORE_NANOS).stream())
                .mapToLong(Ack::answeredNanos)
                .map(at -> at - fromNanos)
                .sorted()
                .toArray();
        long silence = IntStream.range(1, answered.length)
                .mapToLong(i -> answered[i] - answered[i - 1])
                .max()
                .orElseThrow();
        return new Gap(next, silence);
    }
}
