package dev.paddock.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What servers send each other on the quorum port, one after another with nothing between: i32 type, i64 zxid, buffer data, vector of ids. The ids are those of
 * the client whose request is forwarded; null elsewhere. The names are Apache ZooKeeper's.
 */
public record QuorumPacket(
        int type,
        long zxid,
        byte @Nullable [] data,
        @Nullable List<Id> authinfo) {
    /** Learner to leader: a {@link ForwardedRequest}. */
    public static final int REQUEST = 1;

    /** Leader to follower: a {@link TxnRecord}. */
    public static final int PROPOSAL = 2;

    /** Follower to leader: all up to the zxid is forced. */
    public static final int ACK = 3;

    /** Leader to follower: no data. */
    public static final int COMMIT = 4;

    /** Leader asks with no data, learner answers with {@link SessionTouch}es. */
    public static final int PING = 5;

    /** Learner asks with a {@link Revalidate}, leader answers with a {@link Revalidated}. */
    public static final int REVALIDATE = 6;

    /** Leader to learner, in order after the commits: the answer to a forwarded sync. */
    public static final int SYNC = 7;

    /** Leader to observer: a committed {@link TxnRecord}. */
    public static final int INFORM = 8;

    /** Leader to follower: an {@link Activation}. */
    public static final int COMMITANDACTIVATE = 9;

    /** Leader to learner, after the synchronization; data: the text of the configuration. */
    public static final int NEWLEADER = 10;

    /** A follower calls: zxid from acceptedEpoch, a {@link LearnerInfo}. */
    public static final int FOLLOWERINFO = 11;

    /** Leader to learner: a quorum has the new epoch, serve. */
    public static final int UPTODATE = 12;

    /** Leader to learner: proposals and commits up to the zxid follow. */
    public static final int DIFF = 13;

    /** Leader to learner: cut the log after the zxid. */
    public static final int TRUNC = 14;

    /** Leader to learner: a snapshot follows, not in packets. */
    public static final int SNAP = 15;

    /** An observer calls, as FOLLOWERINFO. */
    public static final int OBSERVERINFO = 16;

    /** Leader to learner: the new epoch in the zxid, a {@link LeaderInfo}. */
    public static final int LEADERINFO = 17;

    /** Learner to leader: its last zxid, an {@link AckEpoch}. */
    public static final int ACKEPOCH = 18;

    /** Leader to observer: an {@link Activation}. */
    public static final int INFORMANDACTIVATE = 19;

    public QuorumPacket {
        authinfo = authinfo == null ? null : List.copyOf(authinfo);
    }

    /** A packet without ids. */
    public QuorumPacket(int type, long zxid, byte @Nullable [] data) {
        this(type, zxid, data, null);
    }

    /** A packet without data and ids. */
    public QuorumPacket(int type, long zxid) {
        this(type, zxid, null, null);
    }

    /**
     * Reads one.
     *
     * @throws WireException if the bytes are malformed or the type is unknown
     */
    public static QuorumPacket read(Reader r) {
        int type = r.readInt("packet.type");
        if (type < REQUEST || type > INFORMANDACTIVATE) {
            throw new WireException("packet.type: no such type: " + type);
        }
        return new QuorumPacket(
                type, r.readLong("packet.zxid"), r.readBuffer("packet.data"), Id.readListOrNull(r, "packet.authinfo"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeInt(type);
        w.writeLong(zxid);
        w.writeBuffer(data);
        Id.writeList(w, authinfo);
    }

    /** The name of a type. */
    public static String typeName(int type) {
        return switch (type) {
            case REQUEST -> "REQUEST";
            case PROPOSAL -> "PROPOSAL";
            case ACK -> "ACK";
            case COMMIT -> "COMMIT";
            case PING -> "PING";
            case REVALIDATE -> "REVALIDATE";
            case SYNC -> "SYNC";
            case INFORM -> "INFORM";
            case COMMITANDACTIVATE -> "COMMITANDACTIVATE";
            case NEWLEADER -> "NEWLEADER";
            case FOLLOWERINFO -> "FOLLOWERINFO";
            case UPTODATE -> "UPTODATE";
            case DIFF -> "DIFF";
            case TRUNC -> "TRUNC";
            case SNAP -> "SNAP";
            case OBSERVERINFO -> "OBSERVERINFO";
            case LEADERINFO -> "LEADERINFO";
            case ACKEPOCH -> "ACKEPOCH";
            case INFORMANDACTIVATE -> "INFORMANDACTIVATE";
            default -> "unknown " + type;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return ByteRecords.equal(this, other);
    }

    @Override
    public int hashCode() {
        return ByteRecords.hash(this);
    }

    @Override
    public String toString() {
        return typeName(type) + "[" + Zxid.toString(zxid) + ", " + (data == null ? "no" : data.length) + " bytes"
                + (authinfo == null ? "]" : ", " + authinfo + "]");
    }
}
