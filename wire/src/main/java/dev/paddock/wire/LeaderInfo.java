package dev.paddock.wire;

/** Data of LEADERINFO; the new epoch is in the packet's zxid. */
public record LeaderInfo(int protocolVersion) {
    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(4);
        w.writeInt(protocolVersion);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static LeaderInfo parse(byte[] data) {
        var r = new Reader(data);
        var info = new LeaderInfo(r.readInt("leaderInfo.protocolVersion"));
        r.requireEnd();
        return info;
    }
}
