package dev.paddock.node.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A persistent map from long to values: a hash trie, five bits a level. Changing it copies one way from the root and
 * shares the rest; its shape, and so its order, is a pure function of the keys.
 */
final class LongMap<V> {
    private static final int BITS = 5;
    private static final LongMap<?> EMPTY = new LongMap<>(null, 0);

    private final @Nullable Slot root;
    private final int size;

    private LongMap(@Nullable Slot root, int size) {
        this.root = root;
        this.size = size;
    }

    private sealed interface Slot {}

    private record Entry(long key, Object value) implements Slot {}

    private record Node(int bitmap, Slot... slots) implements Slot {
        int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }
    }

    /** What {@link #forEach} calls. */
    interface Action<V> {
        void accept(long key, V value);
    }

    @SuppressWarnings("unchecked") // an empty map holds no value of any type
    static <V> LongMap<V> empty() {
        return (LongMap<V>) EMPTY;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // only values of type V get in
    @Nullable
    V get(long key) {
        long hash = mix(key);
        Slot slot = root;
        for (int shift = 0; slot instanceof Node node; shift += BITS) {
            int bit = bit(hash, shift);
            if ((node.bitmap & bit) == 0) return null;
            slot = node.slots[node.index(bit)];
        }
        return slot instanceof Entry entry && entry.key == key ? (V) entry.value : null;
    }

    LongMap<V> with(long key, V value) {
        return new LongMap<>(insert(root, new Entry(key, value), 0), get(key) == null ? size + 1 : size);
    }

    /** Recursion ends with the bits of the key: mixed keys differ in one of them. */
    private static Slot insert(@Nullable Slot slot, Entry entry, int shift) {
        return switch (slot) {
            case null -> entry;
            case Entry old when old.key == entry.key -> entry;
            case Entry old -> insert(new Node(bit(mix(old.key), shift), old), entry, shift);
            case Node node -> {
                int bit = bit(mix(entry.key), shift);
                int at = node.index(bit);
                if ((node.bitmap & bit) == 0) yield new Node(node.bitmap | bit, inserted(node.slots, at, entry));
                Slot[] slots = node.slots.clone();
                slots[at] = insert(slots[at], entry, shift + BITS);
                yield new Node(node.bitmap, slots);
            }
        };
    }

    private static Slot[] inserted(Slot[] slots, int at, Slot slot) {
        Slot[] grown = Arrays.copyOf(slots, slots.length + 1);
        System.arraycopy(slots, at, grown, at + 1, slots.length - at);
        grown[at] = slot;
        return grown;
    }

    LongMap<V> without(long key) {
        return get(key) == null ? this : new LongMap<>(remove(root, key, 0), size - 1);
    }

    /** The slot without a key that is in it; null if nothing is left, the entry itself if one is left. */
    private static @Nullable Slot remove(@Nullable Slot slot, long key, int shift) {
        if (!(slot instanceof Node node)) return null;
        int bit = bit(mix(key), shift);
        int at = node.index(bit);
        Slot below = remove(node.slots[at], key, shift + BITS);
        if (below != null) {
            if (below instanceof Entry && node.slots.length == 1) return below;
            Slot[] slots = node.slots.clone();
            slots[at] = below;
            return new Node(node.bitmap, slots);
        }
        Slot[] slots = new Slot[node.slots.length - 1];
        System.arraycopy(node.slots, 0, slots, 0, at);
        System.arraycopy(node.slots, at + 1, slots, at, slots.length - at);
        return slots.length == 1 && slots[0] instanceof Entry entry ? entry : new Node(node.bitmap & ~bit, slots);
    }

    /** Recursion is as deep as the key has bits, by fives. */
    void forEach(Action<V> action) {
        if (root != null) forEach(root, action);
    }

    @SuppressWarnings("unchecked") // only values of type V get in
    private static <V> void forEach(Slot slot, Action<V> action) {
        switch (slot) {
            case Entry entry -> action.accept(entry.key, (V) entry.value);
            case Node node -> {
                for (Slot below : node.slots) forEach(below, action);
            }
        }
    }

    private static int bit(long hash, int shift) {
        return 1 << (int) (hash >>> shift & 31);
    }

    /** A bijection, so distinct keys never collide: the finalizer of MurmurHash3. */
    private static long mix(long key) {
        long h = key;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
