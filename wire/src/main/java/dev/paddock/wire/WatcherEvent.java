package dev.paddock.wire;

/** A watch that fired; its header has xid -1 and the zxid of the transaction. */
public record WatcherEvent(int type, int state, String path) {
    public static final int NONE = -1;
    public static final int NODE_CREATED = 1;
    public static final int NODE_DELETED = 2;
    public static final int NODE_DATA_CHANGED = 3;
    public static final int NODE_CHILDREN_CHANGED = 4;
    public static final int DATA_WATCH_REMOVED = 5;
    public static final int CHILD_WATCH_REMOVED = 6;
    public static final int PERSISTENT_WATCH_REMOVED = 7;

    public static final int DISCONNECTED = 0;
    public static final int SYNC_CONNECTED = 3;
    public static final int AUTH_FAILED = 4;
    public static final int CONNECTED_READ_ONLY = 5;
    public static final int SASL_AUTHENTICATED = 6;
    public static final int CLOSED = 7;
    public static final int EXPIRED = -112;

    /** Reads one. */
    public static WatcherEvent read(Reader r) {
        return new WatcherEvent(r.readInt("event.type"), r.readInt("event.state"), r.requireString("event.path"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(type);
        w.writeInt(state);
        w.writeString(path);
    }
}
