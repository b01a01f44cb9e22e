package dev.paddock.client;

import dev.paddock.wire.ErrorCode;
import java.util.function.Function;

/**
 * What the server answered to a request: a value, or a refusal. A request that got no answer at all ends with a {@link ClientException} instead.
 *
 * @param <T> what an accepted request gives
 */
public sealed interface Reply<T> {
    /** The last zxid that the server had applied when it answered: all that this session has seen is at or below it. */
    long zxid();

    /**
     * The value, for callers to whom a refusal is a fault.
     *
     * @throws ClientException.Refused if the server refused
     */
    T value();

    /** The same reply with its value changed; a refusal stays as it is. */
    <U> Reply<U> map(Function<? super T, ? extends U> change);

    /** The request was done. */
    record Ok<T>(T value, long zxid) implements Reply<T> {
        @Override
        public <U> Reply<U> map(Function<? super T, ? extends U> change) {
            return new Ok<>(change.apply(value), zxid);
        }
    }

    /**
     * The request was refused and changed nothing.
     *
     * @param error why
     * @param path the path that was refused, as the caller gave it; empty where the request had none
     * @param op the index of the refused operation in a multi; 0 elsewhere
     */
    record Refused<T>(ErrorCode error, String path, int op, long zxid) implements Reply<T> {
        @Override
        public T value() {
            throw new ClientException.Refused(error, path, op);
        }

        @Override
        public <U> Reply<U> map(Function<? super T, ? extends U> change) {
            return new Refused<>(error, path, op, zxid);
        }
    }
}
