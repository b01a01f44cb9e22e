package dev.paddock.node.tree;

import dev.paddock.wire.NameOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A persistent hash trie of entries that carry their keys: five bits of the hash choose the slot at each level. A slot
 * is an entry, a bucket (an array of at most {@link #BUCKET} entries) or a deeper node. Changing it copies the nodes on
 * one way from the root, at most seven, and shares the rest.
 *
 * <p>The shape is a pure function of the keys: a subtree is a node exactly if it holds more than a bucket's worth. Buckets
 * are in the order of the nodes that they may become, so every trie iterates in the one order of {@link NameOrder}, and two
 * keys keep their places whatever else comes and goes. Below the last level, where all bits of the hash are used, a bucket
 * may grow: names chosen to collide cost a copy of that bucket, nothing worse.
 */
final class KeyedTrie<E extends Keyed> implements Iterable<E> {
    private static final int BITS = NameOrder.DIGIT_BITS;
    private static final int END = 35; // the first shift at which no bit of the hash is left
    private static final int LEVELS = END / BITS + 1;
    private static final int BUCKET = 8;
    private static final Comparator<Keyed> ORDER = (a, b) -> a.compareTo(b.hash, b.key, 0, b.key.length);
    private static final KeyedTrie<?> EMPTY = new KeyedTrie<>(null, 0);

    /** Null, an entry, a bucket or a node. */
    private final @Nullable Object root;

    private final int size;

    private KeyedTrie(@Nullable Object root, int size) {
        this.root = root;
        this.size = size;
    }

    private record Node(int bitmap, Object... slots) {
        /** Index of the slot of a bit that is set in the bitmap, or where it would be. */
        int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }
    }

    @SuppressWarnings("unchecked") // an empty trie holds no entry of any type
    static <E extends Keyed> KeyedTrie<E> empty() {
        return (KeyedTrie<E>) EMPTY;
    }

    /**
     * A trie of the first entries of an array, which is reordered.
     *
     * @throws IllegalArgumentException if two have the same key
     */
    static <E extends Keyed> KeyedTrie<E> of(Keyed[] entries, int count) {
        return count == 0 ? empty() : new KeyedTrie<>(build(entries, 0, count, 0), count);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Looks an entry up by a key that lies in a larger array; allocates nothing. */
    @Nullable
    E get(byte[] buf, int from, int to) {
        return get(Keyed.hash(buf, from, to), buf, from, to);
    }

    @SuppressWarnings("unchecked") // only entries of type E get in
    private @Nullable E get(int hash, byte[] buf, int from, int to) {
        Object slot = root;
        for (int shift = 0; slot instanceof Node node; shift += BITS) {
            int bit = bit(hash, shift);
            if ((node.bitmap & bit) == 0) return null;
            slot = node.slots[node.index(bit)];
        }
        if (slot instanceof Keyed[] bucket) return (E) find(bucket, hash, buf, from, to);
        return slot instanceof Keyed entry && entry.hasKey(hash, buf, from, to) ? (E) entry : null;
    }

    private static @Nullable Keyed find(Keyed[] bucket, int hash, byte[] buf, int from, int to) {
        if (bucket.length <= BUCKET) {
            for (Keyed entry : bucket) if (entry.hasKey(hash, buf, from, to)) return entry;
            return null;
        }
        int before = countUpTo(bucket, hash, buf, from, to) - 1;
        return before >= 0 && bucket[before].hasKey(hash, buf, from, to) ? bucket[before] : null;
    }

    /** How many entries of a bucket have this key or one before it. */
    private static int countUpTo(Keyed[] bucket, int hash, byte[] buf, int from, int to) {
        int low = 0;
        int high = bucket.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (bucket[middle].compareTo(hash, buf, from, to) <= 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /** With the entry added, or put in place of the one with the same key. */
    KeyedTrie<E> with(E entry) {
        boolean replaces = get(entry.hash, entry.key, 0, entry.key.length) != null;
        return new KeyedTrie<>(insert(root, entry, 0), replaces ? size : size + 1);
    }

    private static Object insert(@Nullable Object slot, Keyed entry, int shift) {
        return switch (slot) {
            case null -> entry;
            case Node node -> insertBelow(node, entry, shift);
            case Keyed[] bucket -> insertInto(bucket, entry, shift);
            default -> insertInto(new Keyed[] {(Keyed) slot}, entry, shift);
        };
    }

    private static Node insertBelow(Node node, Keyed entry, int shift) {
        int bit = bit(entry.hash, shift);
        int at = node.index(bit);
        if ((node.bitmap & bit) == 0) return new Node(node.bitmap | bit, inserted(node.slots, at, entry));
        Object[] slots = node.slots.clone();
        slots[at] = insert(slots[at], entry, shift + BITS);
        return new Node(node.bitmap, slots);
    }

    private static Object insertInto(Keyed[] bucket, Keyed entry, int shift) {
        int at = Arrays.binarySearch(bucket, entry, ORDER);
        if (at >= 0) {
            if (bucket.length == 1) return entry;
            Keyed[] replaced = bucket.clone();
            replaced[at] = entry;
            return replaced;
        }
        Keyed[] grown = inserted(bucket, -at - 1, entry);
        return grown.length <= BUCKET || shift >= END ? grown : build(grown, 0, grown.length, shift);
    }

    private static <T> T[] inserted(T[] array, int at, T element) {
        T[] grown = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, grown, at + 1, array.length - at);
        grown[at] = element;
        return grown;
    }

    private static <T> T[] removed(T[] array, int at) {
        T[] shrunk = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, shrunk, at, shrunk.length - at);
        return shrunk;
    }

    /** Recursion ends with the bits of the hash. */
    private static Object build(Keyed[] entries, int from, int to, int shift) {
        if (to - from == 1) return entries[from];
        if (to - from <= BUCKET || shift >= END) return bucket(Arrays.copyOfRange(entries, from, to));
        int[] starts = new int[1 << BITS];
        partition(entries, from, to, shift, starts);
        int bitmap = 0;
        Object[] slots = new Object[1 << BITS];
        int used = 0;
        for (int i = 0; i < starts.length; i++) {
            int end = i + 1 < starts.length ? starts[i + 1] : to;
            if (starts[i] == end) continue;
            bitmap |= 1 << i;
            slots[used++] = build(entries, starts[i], end, shift + BITS);
        }
        return new Node(bitmap, Arrays.copyOf(slots, used));
    }

    /** Orders entries by five bits of their hashes; {@code starts} takes where each of the 32 groups begins. */
    private static void partition(Keyed[] entries, int from, int to, int shift, int[] starts) {
        for (int i = from; i < to; i++) starts[entries[i].hash >>> shift & 31]++;
        int next = from;
        for (int i = 0; i < starts.length; i++) {
            int count = starts[i];
            starts[i] = next;
            next += count;
        }
        Keyed[] source = Arrays.copyOfRange(entries, from, to);
        int[] free = starts.clone();
        for (Keyed entry : source) entries[free[entry.hash >>> shift & 31]++] = entry;
    }

    private static Keyed[] bucket(Keyed[] entries) {
        Arrays.sort(entries, ORDER);
        for (int i = 1; i < entries.length; i++) {
            if (Arrays.equals(entries[i - 1].key, entries[i].key)) throw new IllegalArgumentException("a key twice");
        }
        return entries;
    }

    /** Without the entry of that key; this same trie if there is none. */
    KeyedTrie<E> without(byte[] buf, int from, int to) {
        int hash = Keyed.hash(buf, from, to);
        E entry = get(hash, buf, from, to);
        if (entry == null) return this;
        return size == 1 ? empty() : new KeyedTrie<>(remove(root, entry, 0), size - 1);
    }

    /** The slot without an entry that is in it; null if nothing is left. */
    private static @Nullable Object remove(@Nullable Object slot, Keyed entry, int shift) {
        if (slot instanceof Node node) return removeBelow(node, entry, shift);
        if (!(slot instanceof Keyed[] bucket)) return null;
        Keyed[] shrunk = removed(bucket, Arrays.binarySearch(bucket, entry, ORDER));
        return shrunk.length == 1 ? shrunk[0] : shrunk;
    }

    private static Object removeBelow(Node node, Keyed entry, int shift) {
        int bit = bit(entry.hash, shift);
        int at = node.index(bit);
        Object below = remove(node.slots[at], entry, shift + BITS);
        if (below == null) return folded(new Node(node.bitmap & ~bit, removed(node.slots, at)));
        Object[] slots = node.slots.clone();
        slots[at] = below;
        return folded(new Node(node.bitmap, slots));
    }

    /** The node, or the bucket in its place if so few are left. */
    private static Object folded(Node node) {
        Keyed[] left = new Keyed[BUCKET];
        int count = 0;
        for (Object slot : node.slots) {
            if (slot instanceof Node) return node; // which holds more than a bucket alone
            Keyed[] entries = slot instanceof Keyed[] bucket ? bucket : new Keyed[] {(Keyed) slot};
            if (count + entries.length > BUCKET) return node;
            System.arraycopy(entries, 0, left, count, entries.length);
            count += entries.length;
        }
        return bucket(Arrays.copyOf(left, count));
    }

    private static int bit(int hash, int shift) {
        return 1 << (hash >>> shift & 31);
    }

    @Override
    public Iterator<E> iterator() {
        Entries entries = new Entries();
        entries.settle();
        return entries;
    }

    /** The entries that come after a key, which need not be there; the way to the first costs what {@link #get} costs. */
    Iterator<E> after(int hash, byte[] key) {
        Entries entries = new Entries();
        entries.seek(hash, key);
        entries.settle();
        return entries;
    }

    /** Goes through the slots in order with one array and one index per level. */
    private final class Entries implements Iterator<E> {
        private final Object[][] levels = new Object[LEVELS + 1][];
        private final int[] next = new int[LEVELS + 1];
        private int level;

        Entries() {
            levels[0] = root == null ? new Object[0] : new Object[] {root};
        }

        /** Moves on, from the start, to what comes after a key. */
        void seek(int hash, byte[] key) {
            Object slot = root;
            for (int shift = 0; slot instanceof Node node; shift += BITS) {
                int bit = bit(hash, shift);
                descend(node.slots);
                next[level] = node.index(bit);
                if ((node.bitmap & bit) == 0) return; // what is left here has greater digits
                slot = node.slots[next[level]];
            }
            if (slot instanceof Keyed[] bucket) {
                descend(bucket);
                next[level] = countUpTo(bucket, hash, key, 0, key.length);
            } else if (slot instanceof Keyed entry && entry.compareTo(hash, key, 0, key.length) <= 0) {
                next[level]++;
            }
        }

        @Override
        public boolean hasNext() {
            return level >= 0;
        }

        @Override
        @SuppressWarnings("unchecked") // only entries of type E get in
        public E next() {
            if (!hasNext()) throw new NoSuchElementException();
            E entry = (E) levels[level][next[level]++];
            settle();
            return entry;
        }

        /** Moves on until the next slot is an entry, or the end is reached. */
        private void settle() {
            while (level >= 0) {
                if (next[level] == levels[level].length) level--;
                else if (levels[level][next[level]] instanceof Node node) descend(node.slots);
                else if (levels[level][next[level]] instanceof Keyed[] bucket) descend(bucket);
                else return;
            }
        }

        private void descend(Object[] slots) {
            next[level++]++;
            levels[level] = slots;
            next[level] = 0;
        }
    }
}
