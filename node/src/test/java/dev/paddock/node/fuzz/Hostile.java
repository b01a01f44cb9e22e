package dev.paddock.node.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** Decodes bytes of which nothing is known, and looks at how that ends and what it costs. */
public final class Hostile {
    private static final long BYTES_MAX = 1 << 20; // for the smallest input: buffers, and the trace of an exception
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Hostile() {}

    /** What may be tried. */
    public interface Decoding<T> {
        T run() throws Exception;
    }

    /** What one attempt gave: a value, or none. */
    private record Attempt<T>(Optional<T> value, long allocated) {}

    /**
     * Decodes, without a hold on how it is done: it must work again from the start when it is run again.
     *
     * @param inputBytes length of what is decoded
     * @param perByte    bytes that may be allocated for each of them, beside a constant
     * @param declared   how it may refuse the bytes
     * @return what it makes of them; empty if it refuses them
     */
    public static <T> Optional<T> decoded(
            int inputBytes, int perByte, Decoding<T> decoding, Class<? extends Exception> declared) {
        long most = BYTES_MAX + (long) perByte * inputBytes;
        Attempt<T> attempt = attempt(decoding, declared);
        if (attempt.allocated > most) attempt = attempt(decoding, declared); // the first time may load classes
        if (attempt.allocated > most) {
            throw new AssertionError(inputBytes + " bytes made it allocate " + attempt.allocated + ", at most " + most);
        }
        return attempt.value;
    }

    private static <T> Attempt<T> attempt(Decoding<T> decoding, Class<? extends Exception> declared) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Optional<T> value;
        try {
            value = Optional.of(decoding.run());
        } catch (Exception e) {
            if (!declared.isInstance(e)) throw new AssertionError("not how malformed bytes are refused: " + e, e);
            value = Optional.empty();
        }
        return new Attempt<>(value, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    /** Fails unless a value that was decoded is the same once encoded and decoded again, and so are its bytes. */
    public static <T> void comesBack(T value, Function<T, byte[]> encoder, Function<byte[], T> decoder) {
        byte[] bytes = encoder.apply(value);
        T again = decoder.apply(bytes);
        if (!again.equals(value)) throw new AssertionError(value + " comes back as " + again);
        if (!Arrays.equals(encoder.apply(again), bytes)) throw new AssertionError(value + " is encoded in two ways");
    }
}
