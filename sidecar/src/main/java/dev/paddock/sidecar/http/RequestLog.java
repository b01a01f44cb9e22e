package dev.paddock.sidecar.http;

/** Hears of each answered request, for metrics. Called from any thread. */
@FunctionalInterface
public interface RequestLog {
    /**
     * A request was answered.
     *
     * @param route  the route's template, {@code none} when nothing was routed
     * @param method the method, upper case
     */
    void answered(String method, String route, int status, long nanos);
}
