package dev.paddock.node.log;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.TreeRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Adler32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.xerial.snappy.SnappyOutputStream;

/** A snapshot file, compressed or not: it is read, or found damaged; what was read is the same written anew. */
class SnapshotFuzzTest {
    private static final int SEALED = 0; // the body of a snapshot, to be sealed as it is
    private static final int PLAIN = 1;
    private static final int SNAPPY = 2;
    private static final int GZIP = 3;
    private static final int PER_BYTE = 512;
    private static final int PER_COMPRESSED_BYTE = 8 << 10; // gzip alone makes a thousand bytes of one

    /** Something like a compressing stream's constructor. */
    private interface Compressing {
        OutputStream over(OutputStream out) throws IOException;
    }

    static Stream<Arguments> seeds() throws IOException {
        var body = new ByteArrayOutputStream();
        new SnapshotEncoder(Databases.some(1, 12), 1000).forEachRemaining(body::writeBytes);
        byte[] file = sealed(body.toByteArray());
        return Stream.of(
                seed("sealed", SEALED, body.toByteArray()),
                seed("plain", PLAIN, file),
                seed("snappy", SNAPPY, compressed(file, SnappyOutputStream::new)),
                seed("gzip", GZIP, compressed(file, GZIPOutputStream::new)));
    }

    private static Arguments seed(String name, int form, byte[] bytes) {
        var all = new ByteArrayOutputStream();
        all.write(form);
        all.writeBytes(bytes);
        return Golden.seed(name, all.toByteArray());
    }

    /** The first byte says what the others are. */
    @MethodSource("seeds")
    @FuzzTest
    void reads(byte[] input) {
        if (input.length == 0) return;
        int form = input[0] & 3;
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        String name = "snapshot.1" + (form == SNAPPY ? SnapshotFile.SNAPPY : form == GZIP ? SnapshotFile.GZIP : "");
        var files = new TreeMap<String, byte[]>();
        files.put(name, form == SEALED ? sealed(rest) : rest);
        var folder = new MemoryFiles(files);
        int perByte = form == SNAPPY || form == GZIP ? PER_COMPRESSED_BYTE : PER_BYTE;
        var read = Hostile.decoded(
                input.length,
                perByte,
                () -> new SnapshotFile(folder, name)
                        .read(1, TreeRules.DEFAULT, bytes -> {})
                        .database(),
                DamagedFileException.class);
        boolean isValid = Hostile.decoded(
                        input.length,
                        perByte,
                        () -> new SnapshotFile(folder, name).isValid(Pace.quick()),
                        IOException.class)
                .orElseThrow();
        boolean isCut = Hostile.decoded(
                        input.length, perByte, () -> new SnapshotFile(folder, name).isCut(), IOException.class)
                .orElseThrow();
        if (read.isPresent() && (!isValid || isCut)) throw new AssertionError("read, and not valid, or cut");
        read.ifPresent(SnapshotFuzzTest::requireTheSameAgain);
    }

    private static void requireTheSameAgain(Database database) {
        var decoder = new SnapshotDecoder(Database.loader(TreeRules.DEFAULT), 1 << 30);
        new SnapshotEncoder(database, 100).forEachRemaining(piece -> decoder.feed(piece, 0, piece.length));
        String difference = decoder.database(database.lastZxid()).difference(database);
        if (difference != null) throw new AssertionError(difference);
    }

    private static byte[] sealed(byte[] body) {
        var file = new ByteArrayOutputStream();
        file.writeBytes(SnapshotFormat.header());
        file.writeBytes(body);
        var sum = new Adler32();
        sum.update(file.toByteArray());
        file.writeBytes(SnapshotFormat.seal(sum.getValue()));
        return file.toByteArray();
    }

    private static byte[] compressed(byte[] file, Compressing compressing) {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressing.over(bytes)) {
            out.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
