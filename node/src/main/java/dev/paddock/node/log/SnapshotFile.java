package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.Loader;
import dev.paddock.node.tree.SnapshotContent;
import dev.paddock.node.tree.TreeRules;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Zxid;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.Adler32;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads one snapshot file from front to end, checking every seal. Used once. */
public final class SnapshotFile {
    static final String GZIP = ".gz";
    static final String SNAPPY = ".snappy";

    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int TRAILER_BYTES_MAX = 4096;
    private static final int ELEMENT_BYTES_MAX = 1 << 30;

    private final ReadableFolder folder;
    private final String name;
    private final Adler32 sum = new Adler32();
    private final CRC32C crc = new CRC32C();
    private final byte[] buf = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long offset; // in the uncompressed bytes, of buf[from]
    private long endsAtZxid = -1; // what it says that it holds all up to; -1 if it does not say

    /** The file of a name, whose end says whether and how it is compressed. */
    public SnapshotFile(ReadableFolder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** The snapshots of a folder, compressed or not, ascending. */
    static List<Named> files(ReadableFolder folder) throws IOException {
        return files(folder.names());
    }

    /** Those of such a name. */
    static List<Named> files(List<String> names) {
        return FileNames.sorted(names, FileNames.SNAPSHOT, "", GZIP, SNAPPY);
    }

    /** What a file holds. */
    record Content(Database database, long reachesZxid, Optional<DigestAudit.Entry> digest, long danglingAcls) {}

    /**
     * What a file tells of itself.
     *
     * @param reachesZxid  the highest zxid that may have left a trace in the tree; 0 if the file does not say, as those of
     *                     servers before 3.6
     * @param digest       what the tree hashes to at the zxid at which all of it is there, if it says so
     * @param aclLists     how many lists of ACLs it has, but for the open one
     * @param danglingAcls znodes whose ACL it lacks, since that came into being while it was written
     * @param bytes        its length, uncompressed
     */
    public record Summary(
            long reachesZxid, Optional<DigestAudit.Entry> digest, int aclLists, long danglingAcls, long bytes) {}

    /** What its end says: the highest zxid in the tree, 0 if none; the digest, if any. */
    private record Trailer(long reachesZxid, Optional<DigestAudit.Entry> digest) {}

    /** Told of the bytes read so far. */
    public interface Reading {
        /** Takes how many they are, uncompressed. */
        void at(long bytes);
    }

    /**
     * Reads all of it.
     *
     * @param zxid the one in its name; -1 where its end tells it
     * @throws DamagedFileException if it is not what was written
     */
    Content read(long zxid, TreeRules rules, Reading reading) throws IOException {
        Loader loader = Database.loader(rules);
        Summary end = read(new SnapshotDecoder(loader, ELEMENT_BYTES_MAX), reading);
        if (endsAtZxid >= 0 && endsAtZxid < zxid) {
            throw damaged("it says that it holds all up to " + Zxid.toString(endsAtZxid)
                    + ", and its name more: it is another one");
        }
        try {
            return new Content(
                    loader.build(zxid < 0 ? end.reachesZxid : zxid),
                    Math.max(zxid, end.reachesZxid),
                    end.digest,
                    end.danglingAcls);
        } catch (IllegalArgumentException e) {
            throw damaged(e.getMessage());
        }
    }

    /**
     * Reads all of it and keeps nothing.
     *
     * @param content takes what it holds, also of a file that proves to be damaged in the end
     * @throws DamagedFileException if it is not what was written
     */
    public Summary scan(SnapshotContent content, Reading reading) throws IOException {
        return read(new SnapshotDecoder(content, ELEMENT_BYTES_MAX), reading);
    }

    private Summary read(SnapshotDecoder decoder, Reading reading) throws IOException {
        try (ReadableFile file = folder.read(name);
                InputStream in = open(file)) {
            header(in);
            while (!decoder.isDone()) {
                require(in, 1);
                take(decoder.feed(buf, from, to));
                reading.at(offset);
            }
            require(in, SnapshotFormat.SEAL_BYTES);
            seal();
            Trailer end = trailer(in);
            return new Summary(end.reachesZxid, end.digest, decoder.aclLists(), decoder.danglingAcls(), offset);
        } catch (WireException e) {
            offset = SnapshotFormat.HEADER_BYTES + decoder.offset();
            throw damaged(e.getMessage());
        } catch (EOFException e) {
            offset += to - from;
            throw damaged("it is cut");
        } catch (ZipException e) {
            throw damaged("it does not decompress: " + e.getMessage());
        }
    }

    /** Whether, on the disk itself, its last seal fits all before it; takes reading it once, at this pace. */
    boolean isValid(Pace pace) throws IOException {
        try (ReadableFile file = folder.readForced(name);
                InputStream in = open(file)) {
            header(in);
            do {
                int some = Math.max(0, to - from - SnapshotFormat.SEAL_BYTES); // holds back what may be the seal
                take(some);
                pace.read(some);
            } while (fill(in));
            if (to - from != SnapshotFormat.SEAL_BYTES || offset == SnapshotFormat.HEADER_BYTES) {
                return false;
            }
            seal();
            return true;
        } catch (DamagedFileException | EOFException | ZipException e) {
            return false;
        }
    }

    /** What the bytes read so far come to, uncompressed. */
    FileSum sum() {
        return new FileSum(offset, crc.getValue());
    }

    /**
     * Whether it lacks the end that every snapshot has: then its writing was cut short, which Apache, who writes it in
     * place and does not force it, leaves behind after a crash.
     */
    boolean isCut() throws IOException {
        try (ReadableFile file = folder.read(name)) {
            if (isCompressed()) {
                return !isValid(Pace.quick());
            }
            ByteWindow bytes = new ByteWindow(file);
            long end = bytes.size();
            return end < SnapshotFormat.HEADER_BYTES + SnapshotFormat.SEAL_BYTES
                    || bytes.intAt(end - 5) != 1
                    || bytes.byteAt(end - 1) != '/';
        }
    }

    private boolean isCompressed() {
        return name.endsWith(GZIP) || name.endsWith(SNAPPY);
    }

    private void header(InputStream in) throws IOException {
        require(in, SnapshotFormat.HEADER_BYTES);
        ByteBuffer header = ByteBuffer.wrap(buf, from, SnapshotFormat.HEADER_BYTES);
        if (header.getInt() != SnapshotFormat.MAGIC || header.getInt() != SnapshotFormat.VERSION) {
            throw damaged("the file header is not that of a ZooKeeper snapshot");
        }
        take(SnapshotFormat.HEADER_BYTES);
    }

    /** Checks the seal that comes next, which is in the buffer. */
    private void seal() throws DamagedFileException {
        byte[] expected = SnapshotFormat.seal(sum.getValue());
        if (!Arrays.equals(expected, 0, expected.length, buf, from, from + expected.length)) {
            throw damaged("the checksum of all before it does not fit");
        }
        take(expected.length);
    }

    /** Checks what comes after the first seal. */
    private Trailer trailer(InputStream in) throws IOException {
        while (to - from < TRAILER_BYTES_MAX && fill(in)) {
            // until the file ends
        }
        int bytes = to - from;
        if (bytes == 0) {
            return new Trailer(0, Optional.empty());
        }
        if (bytes <= SnapshotFormat.SEAL_BYTES || bytes >= TRAILER_BYTES_MAX) {
            throw damaged(bytes + " bytes after its end");
        }
        ByteBuffer trailer = ByteBuffer.wrap(Arrays.copyOfRange(buf, from, to));
        take(bytes - SnapshotFormat.SEAL_BYTES);
        seal();
        int digest = SnapshotFormat.DIGEST_BYTES + SnapshotFormat.SEAL_BYTES;
        int zxid = SnapshotFormat.ZXID_BYTES + SnapshotFormat.SEAL_BYTES;
        boolean hasZxid = bytes == zxid || bytes == digest + zxid;
        boolean hasDigest = bytes == digest || bytes == digest + zxid;
        long ofDigest = bytes >= digest ? trailer.getLong(0) : 0;
        boolean isKnown = hasDigest && ofDigest > 0 && trailer.getInt(8) == SnapshotFormat.DIGEST_VERSION;
        if (hasZxid) endsAtZxid = trailer.getLong(bytes - zxid);
        return new Trailer(
                Math.max(ofDigest, hasZxid ? trailer.getLong(bytes - zxid) : 0),
                isKnown ? Optional.of(new DigestAudit.Entry(ofDigest, trailer.getLong(12))) : Optional.empty());
    }

    private InputStream open(ReadableFile file) throws IOException {
        InputStream in = new Input(file);
        if (name.endsWith(GZIP)) return new GZIPInputStream(in, BUFFER_BYTES);
        return name.endsWith(SNAPPY) ? new SnappyInput(in) : in;
    }

    private void require(InputStream in, int bytes) throws IOException {
        while (to - from < bytes) {
            if (!fill(in)) {
                throw new EOFException();
            }
        }
    }

    /** Reads more behind what is in the buffer; false at the end of the file. */
    private boolean fill(InputStream in) throws IOException {
        if (from > 0) {
            System.arraycopy(buf, from, buf, 0, to - from);
            to -= from;
            from = 0;
        }
        int count = in.read(buf, to, buf.length - to);
        to += Math.max(0, count);
        return count > 0;
    }

    private void take(int bytes) {
        sum.update(buf, from, bytes);
        crc.update(buf, from, bytes);
        from += bytes;
        offset += bytes;
    }

    private DamagedFileException damaged(String problem) {
        String counted = isCompressed() ? problem + " (the offset counts uncompressed bytes)" : problem;
        return new DamagedFileException(folder.path(name), offset, counted);
    }

    /** The bytes of a file as a stream. */
    private static final class Input extends InputStream {
        private final ReadableFile file;
        private long at;

        Input(ReadableFile file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = file.read(ByteBuffer.wrap(into, offset, length), at);
            at += Math.max(0, count);
            return count;
        }
    }
}
