package dev.paddock.e2e.histories;

import java.io.IOException;
import java.util.Set;

/** The links between servers, where they can be cut. */
interface Links extends AutoCloseable {
    /** What {@code from} sends to {@code to}. */
    record Way(int from, int to) implements Comparable<Way> {
        Way back() {
            return new Way(to, from);
        }

        @Override
        public int compareTo(Way other) {
            return from != other.from ? Integer.compare(from, other.from) : Integer.compare(to, other.to);
        }

        @Override
        public String toString() {
            return from + "→" + to;
        }
    }

    /**
     * Cuts ways until they are healed.
     *
     * @param breaks whether the connections there end, and new ones are refused; otherwise nobody is told
     */
    void cut(Set<Way> ways, boolean breaks) throws IOException, InterruptedException;

    /** Opens all of them again. */
    void heal() throws IOException, InterruptedException;

    @Override
    void close();
}
