package dev.paddock.node.meter;

/** What client loops count, each with its key in Apache ZooKeeper 3.9's {@code mntr}. */
public enum Tally {
    RESPONSE_BYTES("response_bytes"),
    WATCH_BYTES("watch_bytes"),
    AUTH_FAILED("auth_failed_count"),
    CONNECTION_REQUESTS("connection_request_count"),
    RENEWALS("connection_revalidate_count"),
    /** Clients that have gone without being told to. */
    CONNECTIONS_DROPPED("connection_drop_count"),
    /** Those that were over a limit when they came, or when they asked for a session. */
    CONNECTIONS_REFUSED("connection_rejected"),
    HANDSHAKES_MISSED("sessionless_connections_expired"),
    LARGE_REQUESTS_REFUSED("large_requests_rejected"),
    /** Requests that had to wait before the core. */
    THROTTLE_WAITS("request_throttle_wait_count"),
    /** Those that waited for longer than they may. */
    THROTTLED("throttled_ops"),
    /** Those whose client had gone, or whose session's time was over, when their turn came. */
    STALE("stale_requests"),
    STALE_DROPPED("stale_requests_dropped"),
    ENSEMBLE_PROVED("ensemble_auth_success"),
    ENSEMBLE_REFUSED("ensemble_auth_fail"),
    ENSEMBLE_UNASKED("ensemble_auth_skip"),
    TLS_FAILED("unsuccessful_handshake"),
    PLAIN_LOCAL("non_mtls_local_conn_count"),
    PLAIN_REMOTE("non_mtls_remote_conn_count");

    private final String key;

    Tally(String key) {
        this.key = key;
    }

    /** Its key. */
    public String key() {
        return key;
    }
}
