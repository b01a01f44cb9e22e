package dev.paddock.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Fails once, at the k-th thing that the operator changes, be it an object, an ensemble or znodes. */
public final class Faults implements Interceptor {
    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final Mode mode;
    private final int k;
    private int left; // 0: none any more, or none wanted
    private boolean fired;

    /** What becomes of the change, and of the operator. */
    public enum Mode {
        /** It is done, and the operator dies: nothing that it still tries gets through. */
        CUT_OFF,
        /** It is not done; the operator hears so and goes on. No event is ever told: nothing depends on one. */
        REFUSED,
        /** It is done, and the operator hears that it failed, and goes on. Events as above. */
        UNHEARD;

        /** Whether another operator has to take over. */
        public boolean kills() {
            return this == CUT_OFF;
        }
    }

    /** @param k 0: never */
    public Faults(int k, Mode mode) {
        this.k = k;
        this.left = k;
        this.mode = mode;
    }

    /** As of one that is dead. */
    public static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("the operator is cut off here");
        }
    }

    /** As where nobody answers. */
    public static final class Unreachable extends KubernetesClientException {
        private static final long serialVersionUID = 1L;

        Unreachable() {
            super("no connection in time");
        }
    }

    public Mode mode() {
        return mode;
    }

    public synchronized boolean fired() {
        return fired;
    }

    /** Something is about to be changed; throws if it is not to be. */
    public synchronized void changing() {
        if (mode.kills() && fired) throw new Crash();
        if (mode == Mode.REFUSED && isLast()) throw new Unreachable();
    }

    /** Something was changed; throws if the operator is not to hear so. */
    public synchronized void changed() {
        if (mode == Mode.UNHEARD && isLast()) throw new Unreachable();
        if (mode.kills() && (isLast() || fired)) throw new Crash();
    }

    private boolean isLast() {
        boolean last = left > 0 && --left == 0;
        fired |= last;
        return last;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (isEvent(request) && !mode.kills()) throw new Unreachable();
        if (!READS.contains(request.method())) changing();
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (!READS.contains(request.method())) changed();
    }

    @Override
    public String toString() {
        return mode + " at change " + k;
    }

    private static boolean isEvent(HttpRequest request) {
        return request.method().equals("POST") && request.uri().getPath().endsWith("/events");
    }
}
