package dev.paddock.client;

/**
 * How long to wait before the next attempt to connect. The first comes almost at once; then the wait doubles. While the session may live, it stays
 * short, so that a client is back soon after a new leader serves; later it may grow. Half of each wait is random, so that the clients of a lost server
 * do not come back at once.
 */
final class Backoff {
    private static final double FIRST_MILLIS = 10;
    private static final double SESSION_MAX_MILLIS = 150;
    private static final double MAX_MILLIS = 2000;
    private static final int DOUBLINGS_MAX = 16;

    private Backoff() {}

    /**
     * The wait in milliseconds.
     *
     * @param failures attempts that failed since the last link, 0 for none
     * @param sessionMayLive whether less than the session timeout has passed since then
     * @param random from 0 to 1
     */
    static long millis(int failures, boolean sessionMayLive, double random) {
        double full = FIRST_MILLIS * (1 << Math.min(failures, DOUBLINGS_MAX));
        double bounded = Math.min(full, sessionMayLive ? SESSION_MAX_MILLIS : MAX_MILLIS);
        return Math.round(bounded * (0.5 + random / 2));
    }
}
