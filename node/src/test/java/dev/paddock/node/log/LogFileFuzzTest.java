package dev.paddock.node.log;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paddock.node.fuzz.Golden;
import dev.paddock.node.fuzz.Hostile;
import dev.paddock.wire.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A log of two files: it is read to its end, or found damaged; what was read is read again where it is written anew. */
class LogFileFuzzTest {
    private static final int PER_BYTE = 256;
    private static final int RAW = 0;
    private static final int FRAMED = 1;

    static Stream<Arguments> seeds() {
        var payloads = Golden.vectors("txn").map(Golden.Vector::bytes).toList();
        var framed = new Writer(4096);
        framed.writeByte((byte) FRAMED);
        framed.writeByte((byte) 3);
        for (byte[] payload : payloads) {
            framed.writeByte((byte) (payload.length >> 8));
            framed.writeByte((byte) payload.length);
            framed.raw(payload, 0, payload.length);
        }
        var raw = new Writer(4096);
        raw.writeByte((byte) RAW);
        raw.writeByte((byte) 255);
        byte[] file = file(payloads.subList(0, 3));
        raw.raw(file, 0, file.length);
        return Stream.of(Golden.seed("framed", framed.toByteArray()), Golden.seed("raw", raw.toByteArray()));
    }

    /**
     * The first byte says whether payloads follow, each behind an u16 length, or the first file as it lies there; the second how
     * many payloads, or 256ths of the bytes, the first file has.
     */
    @MethodSource("seeds")
    @FuzzTest
    void reads(byte[] input) {
        if (input.length < 2) return;
        byte[] rest = Arrays.copyOfRange(input, 2, input.length);
        SortedMap<String, byte[]> files =
                (input[0] & 1) == RAW ? raw(input[1] & 0xff, rest) : framed(input[1] & 0xff, rest);
        Hostile.decoded(input.length, PER_BYTE, () -> read(files), DamagedFileException.class)
                .ifPresent(LogFileFuzzTest::requireTheSameAgain);
    }

    private static void requireTheSameAgain(List<LogRecord> records) {
        if (records.isEmpty()) return;
        var files = new TreeMap<String, byte[]>();
        files.put(
                FileNames.of(FileNames.LOG, records.getFirst().zxid()),
                file(records.stream().map(LogRecord::payload).toList()));
        List<LogRecord> again = Hostile.decoded(1 << 20, PER_BYTE, () -> read(files), DamagedFileException.class)
                .orElseThrow();
        for (int i = 0; i < records.size(); i++) {
            if (!Arrays.equals(records.get(i).payload(), again.get(i).payload()))
                throw new AssertionError("record " + i);
        }
    }

    private static List<LogRecord> read(SortedMap<String, byte[]> files) throws IOException {
        var folder = new MemoryFiles(files);
        var named = FileNames.sorted(folder.names(), FileNames.LOG, "");
        var records = new ArrayList<LogRecord>();
        try (LogReader reader =
                new LogReader(folder, named, Map.of(), named.getFirst().zxid(), Long.MAX_VALUE)) {
            while (reader.advance()) {
                reader.txn();
                records.add(reader.record());
            }
            reader.end();
        }
        return records;
    }

    private static SortedMap<String, byte[]> raw(int share, byte[] bytes) {
        int cut = bytes.length * share / 255;
        var files = new TreeMap<String, byte[]>();
        files.put("log.1", Arrays.copyOf(bytes, cut));
        if (cut < bytes.length) files.put("log.2", Arrays.copyOfRange(bytes, cut, bytes.length));
        return files;
    }

    private static SortedMap<String, byte[]> framed(int inFirst, byte[] bytes) {
        var payloads = new ArrayList<byte[]>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() > 2) {
            byte[] payload = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(payload);
            payloads.add(payload);
        }
        int cut = Math.min(inFirst, payloads.size());
        var files = new TreeMap<String, byte[]>();
        files.put("log.1", file(payloads.subList(0, cut)));
        if (cut < payloads.size()) files.put("log.2", file(payloads.subList(cut, payloads.size())));
        return files;
    }

    private static byte[] file(List<byte[]> payloads) {
        int bytes = payloads.stream()
                .mapToInt(p -> p.length + LogFormat.FRAME_BYTES)
                .sum();
        ByteBuffer file = ByteBuffer.allocate(LogFormat.HEADER_BYTES + bytes);
        LogFormat.putHeader(file);
        for (byte[] payload : payloads) {
            LogFormat.putFrame(file, LogFormat.checksum(payload), payload);
            file.put(payload).put(LogFormat.END_MARK);
        }
        return file.array();
    }
}
