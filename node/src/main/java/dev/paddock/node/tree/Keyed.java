package dev.paddock.node.tree;

import dev.paddock.wire.NameOrder;
import java.util.Arrays;

/** What a {@link KeyedTrie} holds: a value that carries its own key, so that an entry costs no object of its own. */
abstract class Keyed {
    /** UTF-8; never changed after construction. */
    final byte[] key;

    /** {@link #hash} of the key; kept, since the trie asks for it at every step. It fills what would be padding. */
    final int hash;

    Keyed(byte[] key) {
        this(key, hash(key, 0, key.length));
    }

    Keyed(byte[] key, int hash) {
        this.key = key;
        this.hash = hash;
    }

    final boolean hasKey(int otherHash, byte[] buf, int from, int to) {
        return hash == otherHash && Arrays.equals(key, 0, key.length, buf, from, to);
    }

    /** See {@link NameOrder#hash}: replicas iterate in the same order. */
    static int hash(byte[] buf, int from, int to) {
        return NameOrder.hash(buf, from, to);
    }

    /** Where it stands beside a key that lies in a larger array: the order of {@link NameOrder}. */
    final int compareTo(int otherHash, byte[] buf, int from, int to) {
        return NameOrder.compare(hash, key, otherHash, buf, from, to);
    }
}
