package dev.paddock.wire;

/** Data of FOLLOWERINFO and OBSERVERINFO: who calls, and the version of the newest configuration it knows. */
public record LearnerInfo(long sid, int protocolVersion, long configVersion) {
    /** The version since ZooKeeper 3.4, the only one left in use. */
    public static final int PROTOCOL_VERSION = 0x10000;

    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(20);
        w.writeLong(sid);
        w.writeInt(protocolVersion);
        w.writeLong(configVersion);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static LearnerInfo parse(byte[] data) {
        var r = new Reader(data);
        var info = new LearnerInfo(
                r.readLong("learnerInfo.sid"),
                r.readInt("learnerInfo.protocolVersion"),
                r.readLong("learnerInfo.configVersion"));
        r.requireEnd();
        return info;
    }
}
