package dev.paddock.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Fails once, after the k-th thing that the operator changed, be it an object or an ensemble: that is done, and the operator does not hear so. */
final class Faults implements Interceptor {
    private static final Set<String> READS = Set.of("GET", "HEAD");

    private int left; // 0: none any more, or none wanted
    private boolean fired;

    /** @param k 0: never */
    Faults(int k) {
        left = k;
    }

    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("the operator is cut off here");
        }
    }

    synchronized boolean fired() {
        return fired;
    }

    /** Something was changed. Once it has fired, nothing gets through: the operator is dead, and only does not know it. */
    synchronized void changed() {
        if (left > 0 && --left == 0) fired = true;
        if (fired) throw new Crash();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (fired() && !READS.contains(request.method())) throw new Crash();
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (!READS.contains(request.method())) changed();
    }
}
