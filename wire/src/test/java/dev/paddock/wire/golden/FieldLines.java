package dev.paddock.wire.golden;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.Index;
import org.apache.jute.InputArchive;
import org.apache.jute.Record;

/** An archive that Apache ZooKeeper's records read themselves from, and that writes down a line for each field they read: its bytes, name and value. */
final class FieldLines implements InputArchive {
    private static final int HEX_COLUMN = 24;

    private final byte[] bytes;
    private final ByteArrayInputStream in;
    private final BinaryInputArchive archive;
    private final List<String> lines = new ArrayList<>();

    FieldLines(byte[] bytes) {
        this.bytes = bytes;
        this.in = new ByteArrayInputStream(bytes);
        this.archive = BinaryInputArchive.getArchive(in);
    }

    /** The lines of one record that is all of the bytes. */
    static List<String> of(byte[] bytes, Record... records) throws IOException {
        var fields = new FieldLines(bytes);
        for (Record record : records) {
            record.deserialize(fields, "record");
        }
        return fields.end();
    }

    /** All lines; refuses bytes that no field took. */
    List<String> end() {
        if (in.available() > 0) {
            throw new IllegalStateException(in.available() + " bytes left after " + lines);
        }
        return lines;
    }

    /** One line for all bytes that are left, if there are any. */
    void rest(String tag) {
        if (in.available() > 0) {
            int from = position();
            in.skip(in.available());
            note(from, tag, "");
        }
    }

    int remaining() {
        return in.available();
    }

    @Override
    public byte readByte(String tag) throws IOException {
        int from = position();
        return note(from, tag, archive.readByte(tag));
    }

    @Override
    public boolean readBool(String tag) throws IOException {
        int from = position();
        return note(from, tag, archive.readBool(tag));
    }

    @Override
    public int readInt(String tag) throws IOException {
        int from = position();
        return note(from, tag, archive.readInt(tag));
    }

    @Override
    public long readLong(String tag) throws IOException {
        int from = position();
        return note(from, tag, archive.readLong(tag));
    }

    @Override
    public float readFloat(String tag) {
        throw new UnsupportedOperationException("no record has a float");
    }

    @Override
    public double readDouble(String tag) {
        throw new UnsupportedOperationException("no record has a double");
    }

    @Override
    public String readString(String tag) throws IOException {
        int from = position();
        String value = archive.readString(tag);
        note(from, tag, value == null ? "null" : '"' + value.replace("\n", "\\n") + '"');
        return value;
    }

    @Override
    public byte[] readBuffer(String tag) throws IOException {
        int from = position();
        byte[] value = archive.readBuffer(tag);
        note(from, tag, value == null ? "null" : value.length + " bytes");
        return value;
    }

    @Override
    public void readRecord(Record record, String tag) throws IOException {
        record.deserialize(this, tag);
    }

    @Override
    public void startRecord(String tag) {}

    @Override
    public void endRecord(String tag) {}

    @Override
    public Index startVector(String tag) throws IOException {
        int from = position();
        int count = archive.readInt(tag);
        note(from, tag, count + " elements");
        return count < 0 ? null : new Countdown(count);
    }

    @Override
    public void endVector(String tag) {}

    @Override
    public Index startMap(String tag) {
        throw new UnsupportedOperationException("no record has a map");
    }

    @Override
    public void endMap(String tag) {}

    private int position() {
        return bytes.length - in.available();
    }

    private <T> T note(int from, String tag, T value) {
        String hex = HexFormat.of().formatHex(bytes, from, position());
        lines.add(hex + " ".repeat(Math.max(1, HEX_COLUMN - hex.length())) + "# " + tag + " " + value);
        return value;
    }

    private static final class Countdown implements Index {
        private int left;

        Countdown(int left) {
            this.left = left;
        }

        @Override
        public boolean done() {
            return left <= 0;
        }

        @Override
        public void incr() {
            left--;
        }
    }
}
