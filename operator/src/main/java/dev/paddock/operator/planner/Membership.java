package dev.paddock.operator.planner;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who belongs to the ensemble, by the configuration that a server has committed last.
 *
 * @param voters    ids, ascending
 * @param observers ids, ascending
 * @param closed    ids of those that take clients without TLS from their own machine only, ascending
 * @param version   of the configuration; 0 where the members were never changed
 */
public record Membership(
        NavigableSet<Integer> voters, NavigableSet<Integer> observers, NavigableSet<Integer> closed, long version) {
    /** Where a server listens for clients without TLS that is to have none. */
    public static final String LOOPBACK = "127.0.0.1";

    private static final Pattern LINE =
            Pattern.compile("^server\\.(\\d+)=[^;\\s]*?(:observer)?(?:;(\\S*))?$", Pattern.MULTILINE);
    private static final Pattern VERSION = Pattern.compile("^version=([0-9a-f]+)$", Pattern.MULTILINE);

    public Membership {
        voters = Collections.unmodifiableNavigableSet(new TreeSet<>(voters));
        observers = Collections.unmodifiableNavigableSet(new TreeSet<>(observers));
        closed = Collections.unmodifiableNavigableSet(new TreeSet<>(closed));
    }

    /** Of members that take clients from everywhere. */
    public Membership(NavigableSet<Integer> voters, NavigableSet<Integer> observers, long version) {
        this(voters, observers, new TreeSet<>(), version);
    }

    /** Of an ensemble before anybody was asked: all of them vote. */
    public static Membership of(NavigableSet<Integer> voters) {
        return new Membership(voters, new TreeSet<>(), 0);
    }

    /** All of them, ascending. */
    public IntStream ids() {
        return Stream.concat(voters.stream(), observers.stream()).sorted().mapToInt(Integer::intValue);
    }

    /** Whether it votes or observes. */
    public boolean contains(int id) {
        return voters.contains(id) || observers.contains(id);
    }

    /** Reads what the four letter word {@code conf} answers; empty if no members are in it. */
    public static Optional<Membership> parse(String conf) {
        NavigableSet<Integer> voters = new TreeSet<>();
        NavigableSet<Integer> observers = new TreeSet<>();
        NavigableSet<Integer> closed = new TreeSet<>();
        Matcher line = LINE.matcher(conf);
        while (line.find()) {
            int id = Integer.parseInt(line.group(1));
            (line.group(2) == null ? voters : observers).add(id);
            if (line.group(3) != null && line.group(3).startsWith(LOOPBACK + ":")) closed.add(id);
        }
        Matcher version = VERSION.matcher(conf);
        if (voters.isEmpty() || !version.find()) return Optional.empty();
        return Optional.of(new Membership(voters, observers, closed, Long.parseUnsignedLong(version.group(1), 16)));
    }
}
