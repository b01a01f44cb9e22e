package dev.paddock.node.log;

import dev.paddock.wire.Writer;

/**
 * What a snapshot file has around its body, as Apache ZooKeeper 3.9 writes it: before it "ZKSN", i32 2, i64 -1; after it
 * a seal, i64 zxid, i32 2 and i64 digest of the tree (all zero but the version where none is known), a seal (neither of the
 * two where digests are not enabled), i64 zxid processed last, a seal. A seal is the i64 Adler-32 of all bytes before it and the string "/"; so the last one covers
 * the whole file. Older files end after the first or second seal.
 */
final class SnapshotFormat {
    static final int MAGIC = 0x5a4b534e; // "ZKSN"
    static final int VERSION = 2;
    static final int HEADER_BYTES = 16;
    static final int SEAL_BYTES = 13;
    static final int DIGEST_BYTES = 20;
    static final int ZXID_BYTES = 8;

    /** A digest in this version is an i64; before, it was a string. */
    static final int DIGEST_VERSION = 2;

    private SnapshotFormat() {}

    static byte[] header() {
        Writer out = new Writer(HEADER_BYTES);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeLong(-1);
        return out.toByteArray();
    }

    static byte[] seal(long checksum) {
        Writer out = new Writer(SEAL_BYTES);
        out.writeLong(checksum);
        out.writeString("/");
        return out.toByteArray();
    }

    static byte[] digest(long zxid, long digest) {
        Writer out = new Writer(DIGEST_BYTES);
        out.writeLong(zxid);
        out.writeInt(DIGEST_VERSION);
        out.writeLong(digest);
        return out.toByteArray();
    }

    /** Of a tree that may be ahead of its zxid. */
    static byte[] noDigest() {
        return digest(0, 0);
    }

    static byte[] zxid(long zxid) {
        Writer out = new Writer(ZXID_BYTES);
        out.writeLong(zxid);
        return out.toByteArray();
    }
}
