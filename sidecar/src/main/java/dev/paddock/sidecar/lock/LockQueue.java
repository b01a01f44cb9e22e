package dev.paddock.sidecar.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The queue of one lock, read from its children's names. Fair: whoever came first is served first, shared holders that follow
 * each other hold together. Pure and immutable.
 *
 * @param entries by age, oldest first
 */
record LockQueue(List<Entry> entries) {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{32})-([xs])-(-?\\d{10})");

    /**
     * One holder or waiter.
     *
     * @param name     the child's name
     * @param sequence the server's number; it may wrap around after 2^31 creates
     */
    record Entry(String name, String lease, LockMode mode, int sequence) {}

    /** Where a lease stands. */
    sealed interface Standing {
        /** It holds the lock. */
        record Granted() implements Standing {}

        /** It waits, and nothing changes for it before {@code predecessor} goes. */
        record Behind(Entry predecessor) implements Standing {}

        /** It is not in the queue. */
        record Absent() implements Standing {}
    }

    /** The part of a child's name that a create gives; the server appends the number. */
    static String prefix(String lease, LockMode mode) {
        return lease + "-" + mode.letter() + "-";
    }

    /** Reads a child's name; empty if it is not one of ours. */
    static Optional<Entry> parse(String name) {
        var match = NAME.matcher(name);
        if (!match.matches()) return Optional.empty();
        return Optional.of(new Entry(
                name, match.group(1), LockMode.of(match.group(2).charAt(0)), (int) Long.parseLong(match.group(3))));
    }

    /** The queue that these children are. Foreign names are passed over. */
    static LockQueue of(Collection<String> names) {
        var entries = new ArrayList<Entry>();
        for (String name : names) parse(name).ifPresent(entries::add);
        // By difference, so that the order survives the wrap of the counter: those alive lie within 2^31 of each other.
        entries.sort((a, b) -> Integer.signum(a.sequence() - b.sequence()));
        return new LockQueue(List.copyOf(entries));
    }

    /** Those that hold the lock now: one exclusive, or the shared ones at the head. */
    List<Entry> holders() {
        if (entries.isEmpty()) return List.of();
        if (entries.getFirst().mode() == LockMode.EXCLUSIVE) return entries.subList(0, 1);
        int end = 0;
        while (end < entries.size() && entries.get(end).mode() == LockMode.SHARED) end++;
        return entries.subList(0, end);
    }

    /** Those that wait, oldest first. */
    List<Entry> waiters() {
        return entries.subList(holders().size(), entries.size());
    }

    /** Where this lease stands: an exclusive one waits for all before it, a shared one for exclusive ones only. */
    Standing standing(String lease) {
        Optional<Entry> predecessor = Optional.empty();
        for (Entry entry : entries) {
            if (entry.lease().equals(lease)) return standing(entry, predecessor);
            predecessor = Optional.of(entry);
        }
        return new Standing.Absent();
    }

    private Standing standing(Entry own, Optional<Entry> last) {
        Optional<Entry> predecessor = own.mode() == LockMode.EXCLUSIVE ? last : lastExclusiveBefore(own);
        return predecessor.<Standing>map(Standing.Behind::new).orElseGet(Standing.Granted::new);
    }

    private Optional<Entry> lastExclusiveBefore(Entry own) {
        Optional<Entry> found = Optional.empty();
        for (Entry entry : entries) {
            if (entry.equals(own)) break;
            if (entry.mode() == LockMode.EXCLUSIVE) found = Optional.of(entry);
        }
        return found;
    }

    /** The entry of a lease. */
    Optional<Entry> entry(String lease) {
        return entries.stream().filter(entry -> entry.lease().equals(lease)).findFirst();
    }
}
