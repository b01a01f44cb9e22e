package dev.paddock.client;

/** Where a client stands. The last three are final. */
public enum ConnectionState {
    /** Has never been connected yet. */
    CONNECTING,
    /** Attached to the session for the first time. */
    CONNECTED,
    /** The link is lost. The session may live on; the client is looking for a server. */
    SUSPENDED,
    /** Attached again: same session, ephemerals and watches. */
    RECONNECTED,
    /** The server said that the session is gone. */
    EXPIRED,
    /** The server refused the credentials. */
    AUTH_FAILED,
    /** Closed or detached by its owner. */
    CLOSED;

    /** Whether requests go out at once. */
    public boolean isConnected() {
        return this == CONNECTED || this == RECONNECTED;
    }

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return this == EXPIRED || this == AUTH_FAILED || this == CLOSED;
    }
}
