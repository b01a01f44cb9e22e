package dev.paddock.node.members;

import dev.paddock.node.members.ServerSpec.Role;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One configuration of an ensemble. Immutable. */
public final class Members {
    private final SortedMap<Long, ServerSpec> servers;
    private final Optional<Groups> groups;
    private final long version;
    private final long[] voters;

    /**
     * @param servers all members by sid, ascending
     * @param groups  how they vote, where it is not by majority
     * @param version zxid of the reconfiguration that made it, or of the epoch that first knew it; 0 for one that was only
     *                ever read from a file
     */
    public Members(SortedMap<Long, ServerSpec> servers, Optional<Groups> groups, long version) {
        this.servers = Collections.unmodifiableSortedMap(new TreeMap<>(servers));
        this.groups = groups;
        this.version = version;
        this.voters = servers.values().stream()
                .filter(server -> server.role() == Role.PARTICIPANT)
                .mapToLong(ServerSpec::sid)
                .toArray();
    }

    /** All members by sid, ascending. */
    public SortedMap<Long, ServerSpec> servers() {
        return servers;
    }

    /** How they vote, where it is not by majority. */
    public Optional<Groups> groups() {
        return groups;
    }

    /** zxid of the reconfiguration that made it, or of the epoch that first knew it; 0 for one that was only read from a file. */
    public long version() {
        return version;
    }

    /** Members that vote by majority. */
    public static Members of(SortedMap<Long, ServerSpec> servers, long version) {
        return new Members(servers, Optional.empty(), version);
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws IllegalArgumentException with one sentence that says what is wrong
     */
    public static Members parse(String text) {
        return MembersText.parse(text);
    }

    /**
     * As peers exchange it and {@code /zookeeper/config} shows it: {@code server.N=…} lines, then groups and weights, each
     * ascending, then {@code version=<hex>}, without a line end.
     */
    public String text() {
        return MembersText.of(this);
    }

    public Members withVersion(long newVersion) {
        return new Members(servers, groups, newVersion);
    }

    /** Whether {@code sid} votes. */
    public boolean isVoter(long sid) {
        ServerSpec server = servers.get(sid);
        return server != null && server.role() == Role.PARTICIPANT;
    }

    /** Whether {@code sid} is a member that learns and does not vote. */
    public boolean isObserver(long sid) {
        ServerSpec server = servers.get(sid);
        return server != null && server.role() == Role.OBSERVER;
    }

    /** sids of those that vote, ascending. */
    public long[] voters() {
        return voters.clone();
    }

    /** Whether the voters that are {@code in} make a quorum: any two quorums have a server in common. */
    public boolean isQuorum(LongPredicate in) {
        if (groups.isPresent()) return groups.get().isQuorum(voters, in);
        int present = 0;
        for (long sid : voters) if (in.test(sid)) present++;
        return present > voters.length / 2;
    }

    /** The largest value that a quorum has reached, each voter having reached {@code of(sid)}. */
    public long reachedByQuorum(LongUnaryOperator of) {
        long[] reached = new long[voters.length];
        for (int i = 0; i < reached.length; i++) reached[i] = of.applyAsLong(voters[i]);
        Arrays.sort(reached);
        if (groups.isEmpty()) return reached[(reached.length - 1) / 2];
        for (int i = reached.length - 1; i >= 0; i--) {
            long value = reached[i];
            if (isQuorum(sid -> of.applyAsLong(sid) >= value)) return value;
        }
        throw new IllegalStateException("nobody votes"); // all voters together are a quorum
    }

    /** Whether the same servers vote in the same way, whatever the version. */
    public boolean isLike(Members other) {
        return servers.equals(other.servers) && groups.equals(other.groups);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Members other && version == other.version && isLike(other);
    }

    @Override
    public int hashCode() {
        return Objects.hash(servers, groups, version);
    }

    @Override
    public String toString() {
        return text().replace("\n", ", ");
    }
}
