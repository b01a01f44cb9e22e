package dev.paddock.wire;

/** Data of ACKEPOCH: the epoch of the learner's last leader, or -1 if it had accepted the new epoch before, which must not count again. */
public record AckEpoch(int currentEpoch) {
    /** Not to be counted. */
    public static final int ACCEPTED_BEFORE = -1;

    /** The data of a packet. */
    public byte[] toBytes() {
        var w = new Writer(4);
        w.writeInt(currentEpoch);
        return w.toByteArray();
    }

    /** Reads the data of a packet. */
    public static AckEpoch parse(byte[] data) {
        var r = new Reader(data);
        var ack = new AckEpoch(r.readInt("ackEpoch.currentEpoch"));
        r.requireEnd();
        return ack;
    }
}
