package dev.paddock.wire;

import org.jspecify.annotations.Nullable;

/**
 * A server's vote and state, sent on the election port: i32 state, i64 leader, i64 zxid, i64 electionEpoch, i64 peerEpoch, i32 version, and in version 2 an i32
 * length and the text of the configuration. Read are also the older forms of 28 bytes (no peerEpoch) and 40 bytes (no configuration).
 */
public record Notification(
        int state,
        long leader,
        long zxid,
        long electionEpoch,
        long peerEpoch,
        int version,
        @Nullable String config) {
    public static final int LOOKING = 0;
    public static final int FOLLOWING = 1;
    public static final int LEADING = 2;
    public static final int OBSERVING = 3;

    /** The version with a configuration. */
    public static final int VERSION = 2;

    private static final int BYTES_BEFORE_PEER_EPOCH = 28;
    private static final int BYTES_BEFORE_CONFIG = 40;

    /** The same vote and state, and nothing of the members. */
    public Notification withoutConfig() {
        return new Notification(state, leader, zxid, electionEpoch, peerEpoch, version, "");
    }

    /** The message without the length that goes before it on the link. */
    public byte[] toBytes() {
        var w = new Writer(64 + (config == null ? 0 : config.length()));
        w.writeInt(state);
        w.writeLong(leader);
        w.writeLong(zxid);
        w.writeLong(electionEpoch);
        w.writeLong(peerEpoch);
        w.writeInt(version);
        if (version >= VERSION) {
            w.writeString(config == null ? "" : config);
        }
        return w.toByteArray();
    }

    /**
     * Reads a message without its length.
     *
     * @throws WireException if it is malformed, or the state is none of the four
     */
    public static Notification parse(byte[] message) {
        var r = new Reader(message);
        int state = r.readInt("notification.state");
        if (state < LOOKING || state > OBSERVING) {
            throw new WireException("notification.state: no such state: " + state);
        }
        long leader = r.readLong("notification.leader");
        long zxid = r.readLong("notification.zxid");
        long electionEpoch = r.readLong("notification.electionEpoch");
        if (message.length == BYTES_BEFORE_PEER_EPOCH) {
            return new Notification(state, leader, zxid, electionEpoch, Zxid.epoch(zxid), 0, null);
        }
        long peerEpoch = r.readLong("notification.peerEpoch");
        int version = r.readInt("notification.version");
        if (message.length == BYTES_BEFORE_CONFIG || version < VERSION) {
            r.requireEnd();
            return new Notification(
                    state, leader, zxid, electionEpoch, peerEpoch, Math.min(version, VERSION - 1), null);
        }
        String config = r.requireString("notification.config");
        if (version == VERSION) {
            r.requireEnd();
        }
        return new Notification(state, leader, zxid, electionEpoch, peerEpoch, version, config);
    }
}
