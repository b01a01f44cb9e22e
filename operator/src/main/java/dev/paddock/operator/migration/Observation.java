package dev.paddock.operator.migration;

import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.migration.Presence.Serving;
import dev.paddock.operator.planner.Role;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * An ensemble as it was just seen, by asking each server.
 *
 * @param members   all of the configuration, ascending by id
 * @param quorum    which of those that vote can decide
 * @param committed newest transaction of the leader, asked before the members were; 0 if nobody leads
 */
public record Observation(List<Member> members, Quorum quorum, long committed) {
    private static final int SERVING_MINOR = 9;

    public Observation {
        members = members.stream().sorted(Comparator.comparingLong(Member::id)).toList();
    }

    /** The only leader of the newest epoch; empty if there is none. One of an older epoch has not noticed that it lost. */
    public Optional<Member> leader() {
        List<Member> leading = members.stream()
                .filter(m -> m.leads() && epoch(m) == committed >>> 32)
                .toList();
        return leading.size() == 1 ? Optional.of(leading.getFirst()) : Optional.empty();
    }

    /** Whether it serves and has applied what the leader had when it was asked. */
    public boolean isInSync(Member member) {
        return member.serving()
                .filter(s -> epoch(member) == committed >>> 32 && Long.compareUnsigned(s.zxid(), committed) >= 0)
                .isPresent();
    }

    /** Whether enough voters in sync are left to decide anything while that member is down. */
    public boolean hasQuorumWithout(long id) {
        LongPredicate stays =
                sid -> sid != id && members.stream().anyMatch(m -> m.id() == sid && m.votes() && isInSync(m));
        return quorum.isMadeBy(stays);
    }

    /** Voters that serve and are in sync, without that one. */
    long inSyncVotersWithout(long id) {
        return members.stream()
                .filter(m -> m.id() != id && m.votes() && isInSync(m))
                .count();
    }

    long voters() {
        return members.stream().filter(Member::votes).count();
    }

    private static long epoch(Member member) {
        return member.serving().map(s -> s.zxid() >>> 32).orElse(-1L);
    }

    /** As it would be if that member had been started anew as a server of this kind, and all went well. */
    Observation supposing(long id, Engine engine) {
        boolean hadLed = members.stream().anyMatch(m -> m.id() == id && m.leads());
        long heir = members.stream()
                .filter(m -> m.id() != id && m.votes() && isInSync(m))
                .mapToLong(Member::id)
                .max() // as an election between equals would
                .orElse(id);
        boolean makesQuorum = members.stream().noneMatch(Member::leads)
                && quorum.isMadeBy(sid ->
                        members.stream().anyMatch(m -> m.id() == sid && m.votes() && (sid == id || isInSync(m))));
        return new Observation(
                members.stream()
                        .map(m -> m.id() == id
                                ? restarted(m, engine, makesQuorum || (hadLed && heir == id))
                                : hadLed && m.id() == heir ? leading(m) : m)
                        .toList(),
                quorum,
                committed);
    }

    private Member restarted(Member member, Engine engine, boolean leads) {
        Role role = leads ? Role.LEADER : member.votes() ? Role.FOLLOWER : Role.OBSERVER;
        Serving serving = new Serving(
                new Release(engine, 3, SERVING_MINOR, ""),
                role,
                committed,
                new Known<>(0L),
                new Known<>(new Digests(new TreeMap<>())),
                new Known<>(new Membership(member.id(), ids(true), ids(false))));
        return new Member(member.id(), member.votes(), serving, member.settings());
    }

    private static Member leading(Member member) {
        Serving s = member.serving().orElseThrow();
        Serving leading = new Serving(s.release(), Role.LEADER, s.zxid(), s.mismatches(), s.digests(), s.membership());
        return new Member(member.id(), true, leading, member.settings());
    }

    /** Ids of the members that vote, or of those that do not. */
    SortedSet<Long> ids(boolean voting) {
        return members.stream()
                .filter(m -> m.votes() == voting)
                .map(Member::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Such as "1, 2". */
    static String listed(Collection<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
