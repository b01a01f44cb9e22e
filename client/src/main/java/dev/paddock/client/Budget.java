package dev.paddock.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How much may be under way: requests, their bytes and watches. Taken from by callers' threads before anything is queued. */
final class Budget {
    private final ClientBuilder.Limits limits;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger watches = new AtomicInteger(); // set, and on their way to be

    Budget(ClientBuilder.Limits limits) {
        this.limits = limits;
    }

    /** Takes for one request; or takes nothing and gives the bound that it would break. */
    Optional<ClientException> take(Call<?> call) {
        int body = call.bytes() - Integer.BYTES;
        if (body > limits.requestBytes()) {
            return exceeded(
                    call.what() + " has " + body + " bytes, more than " + limits.requestBytes() + " (requestBytesMax)");
        }
        int count = requests.incrementAndGet();
        long size = bytes.addAndGet(call.bytes());
        int watchCount = call.hasWatch() ? watches.incrementAndGet() : 0;
        if (count > limits.pending() || size > limits.pendingBytes() || watchCount > limits.watches()) {
            give(call);
            giveWatches(call.hasWatch() ? 1 : 0);
            return exceeded(call.what() + " not sent: " + (count - 1) + " requests with " + (size - call.bytes())
                    + " bytes are under way (pendingMax), " + watches.get() + " watches are set (watchesMax)");
        }
        return Optional.empty();
    }

    private static Optional<ClientException> exceeded(String message) {
        return Optional.of(new ClientException.LimitExceeded(message));
    }

    /** The request is over; its watch, if it has one, may be set now. */
    void give(Call<?> call) {
        requests.decrementAndGet();
        bytes.addAndGet(-call.bytes());
    }

    void giveWatches(int count) {
        watches.addAndGet(-count);
    }
}
