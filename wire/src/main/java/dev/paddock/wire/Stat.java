package dev.paddock.wire;

/** What a client is told about a znode: 68 bytes, the fields in this order. Times are milliseconds since 1970. */
public record Stat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {

    /** Reads one. */
    public static Stat read(Reader r) {
        return new Stat(
                r.readLong("stat.czxid"),
                r.readLong("stat.mzxid"),
                r.readLong("stat.ctime"),
                r.readLong("stat.mtime"),
                r.readInt("stat.version"),
                r.readInt("stat.cversion"),
                r.readInt("stat.aversion"),
                r.readLong("stat.ephemeralOwner"),
                r.readInt("stat.dataLength"),
                r.readInt("stat.numChildren"),
                r.readLong("stat.pzxid"));
    }

    /** Writes one. */
    public void write(Writer w) {
        w.writeLong(czxid);
        w.writeLong(mzxid);
        w.writeLong(ctime);
        w.writeLong(mtime);
        w.writeInt(version);
        w.writeInt(cversion);
        w.writeInt(aversion);
        w.writeLong(ephemeralOwner);
        w.writeInt(dataLength);
        w.writeInt(numChildren);
        w.writeLong(pzxid);
    }
}
