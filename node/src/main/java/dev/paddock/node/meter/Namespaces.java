package dev.paddock.node.meter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measurements by the first names of paths, at most {@value #NAMES_MAX} of them; those of names that come later are left
 * out. Makes no garbage once a name is known. Owned by one thread.
 */
public final class Namespaces {
    static final int NAMES_MAX = 1000;
    private static final int SLOTS = 2048; // a power of two, and never full

    private record Entry(int hash, byte[] name, Summary measured) {}

    private final Entry[] slots = new Entry[SLOTS];
    private int size;

    /** Takes a measurement for the path in {@code buf[from, to)}; the root, and what is no path, has no name. */
    public void add(byte[] buf, int from, int to, long value) {
        int start = from + 1;
        int end = start;
        int hash = 1;
        while (end < to && buf[end] != '/') hash = 31 * hash + buf[end++];
        if (start >= end || buf[from] != '/') return;
        int at = (hash * 0x9E3779B9) >>> 21;
        for (Entry entry = slots[at]; entry != null; entry = slots[at]) {
            if (entry.hash == hash && Arrays.equals(entry.name, 0, entry.name.length, buf, start, end)) {
                entry.measured.add(value);
                return;
            }
            at = (at + 1) % SLOTS;
        }
        if (size == NAMES_MAX) return;
        size++;
        slots[at] = new Entry(hash, Arrays.copyOfRange(buf, start, end), Summary.basic());
        slots[at].measured.add(value);
    }

    /** What was measured so far, by name. */
    public Map<String, Reading> read() {
        var all = new TreeMap<String, Reading>();
        for (Entry entry : slots) {
            if (entry != null) all.put(new String(entry.name, StandardCharsets.UTF_8), entry.measured.read());
        }
        return all;
    }

    /** Both together. */
    public static Map<String, Reading> plus(Map<String, Reading> a, Map<String, Reading> b) {
        var sum = new TreeMap<>(a);
        b.forEach((name, reading) -> sum.merge(name, reading, Reading::plus));
        return sum;
    }

    /** Forgets all but the names. */
    public void reset() {
        for (Entry entry : slots) if (entry != null) entry.measured.reset();
    }
}
