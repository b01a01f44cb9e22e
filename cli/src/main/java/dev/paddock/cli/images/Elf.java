package dev.paddock.cli.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program or library of 64 bits needs to be loaded, by its ELF headers (System V ABI, chapters 4 and 5).
 *
 * @param interpreter path of the dynamic loader, if it is a program
 * @param needed      names of the libraries that it is linked with, in its own order
 */
record Elf(Optional<String> interpreter, List<String> needed) {
    private static final int MAGIC = 0x7f454c46; // \x7fELF
    private static final int LOAD = 1;
    private static final int DYNAMIC = 2;
    private static final int INTERPRETER = 3;
    private static final int TAG_NEEDED = 1;
    private static final int TAG_STRINGS = 5;

    /** One program header: where a stretch of the file lies, and where in memory it goes. */
    private record Segment(int type, long offset, long address, long bytes) {}

    /** Reads a file; one that is no ELF file of 64 bits needs nothing. */
    static Elf read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            boolean is64 = all.remaining() > 64 && all.getInt(0) == MAGIC && all.get(4) == 2;
            if (!is64) return new Elf(Optional.empty(), List.of());
            return read(all.order(all.get(5) == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN));
        } catch (IndexOutOfBoundsException e) {
            throw new IOException(file + " is cut short, or no ELF file", e);
        }
    }

    private static Elf read(ByteBuffer all) {
        List<Segment> segments = segments(all);
        Optional<String> interpreter = segments.stream()
                .filter(segment -> segment.type() == INTERPRETER)
                .map(segment -> text(all, segment.offset()))
                .findFirst();
        List<String> needed = segments.stream()
                .filter(segment -> segment.type() == DYNAMIC)
                .flatMap(segment -> needed(all, segment, segments).stream())
                .toList();
        return new Elf(interpreter, needed);
    }

    private static List<Segment> segments(ByteBuffer all) {
        List<Segment> segments = new ArrayList<>();
        long at = all.getLong(32);
        int size = all.getShort(54);
        int count = all.getShort(56);
        for (int i = 0; i < count; i++, at += size) {
            int start = (int) at;
            segments.add(new Segment(
                    all.getInt(start), all.getLong(start + 8), all.getLong(start + 16), all.getLong(start + 32)));
        }
        return segments;
    }

    private static List<String> needed(ByteBuffer all, Segment dynamic, List<Segment> segments) {
        List<Long> names = new ArrayList<>(); // offsets in the table of strings
        long strings = 0;
        for (long at = dynamic.offset(); at < dynamic.offset() + dynamic.bytes(); at += 16) {
            long tag = all.getLong((int) at);
            long value = all.getLong((int) at + 8);
            if (tag == TAG_NEEDED) names.add(value);
            if (tag == TAG_STRINGS) strings = offset(value, segments);
        }
        long table = strings;
        return names.stream().map(name -> text(all, table + name)).toList();
    }

    /** Where in the file an address of memory comes from. */
    private static long offset(long address, List<Segment> segments) {
        for (Segment each : segments) {
            boolean isIn = address >= each.address() && address < each.address() + each.bytes();
            if (each.type() == LOAD && isIn) return address - each.address() + each.offset();
        }
        throw new IndexOutOfBoundsException("no segment holds " + Long.toHexString(address));
    }

    private static String text(ByteBuffer all, long offset) {
        int end = (int) offset;
        while (all.get(end) != 0) end++;
        byte[] bytes = new byte[end - (int) offset];
        all.get((int) offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
