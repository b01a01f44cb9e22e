package dev.paddock.node.zab;

import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who the members are, as this server knows it: what a quorum has committed, and what the newest reconfiguration in our
 * history is going to make of it. As long as the two differ, whatever needs a quorum needs one of each (Shraer, Reed,
 * Malkhi, Junqueira: Dynamic Reconfiguration of Primary/Backup Clusters, ATC 2012). Owned by the core thread.
 */
final class Membership {
    private static final String PROPOSED = "#proposed ";

    private final long self;
    private final boolean alone;
    private final boolean changeable;
    private Members committed;
    private Members logged; // what our history makes of it: committed itself unless a reconfiguration is under way
    private Members proposed; // logged, or something newer that another looking server has in its history

    Membership(Ensemble ensemble) {
        this.self = ensemble.self();
        this.alone = ensemble.alone();
        this.changeable = ensemble.changeable();
        this.committed = ensemble.committed();
        this.logged = ensemble.proposed().version() > committed.version() ? ensemble.proposed() : committed;
        this.proposed = logged;
    }

    long self() {
        return self;
    }

    boolean alone() {
        return alone;
    }

    boolean changeable() {
        return changeable;
    }

    Members committed() {
        return committed;
    }

    Members proposed() {
        return proposed;
    }

    boolean isChanging() {
        return proposed.version() != committed.version();
    }

    /** Whether {@code sid} votes, now or after the reconfiguration under way. */
    boolean isVoter(long sid) {
        return committed.isVoter(sid) || (isChanging() && proposed.isVoter(sid));
    }

    /**
     * Whether this server learns and does not vote. One whose vote the reconfiguration under way may need follows as a
     * voter; so does one that is no member, and does not count.
     */
    boolean observes() {
        return committed.isObserver(self) && !isVoter(self);
    }

    /** Those whose votes count, ascending. */
    long[] voters() {
        if (!isChanging()) return committed.voters();
        var sids = new TreeSet<Long>();
        for (long sid : committed.voters()) sids.add(sid);
        for (long sid : proposed.voters()) sids.add(sid);
        return sids.stream().mapToLong(sid -> sid).toArray();
    }

    /** Whether those that are {@code in} make every quorum that is needed. */
    boolean isQuorum(LongPredicate in) {
        return committed.isQuorum(in) && (!isChanging() || proposed.isQuorum(in));
    }

    /** The largest value that every quorum which is needed has reached. */
    long reachedByQuorum(LongUnaryOperator of) {
        long reached = committed.reachedByQuorum(of);
        return isChanging() ? Math.min(reached, proposed.reachedByQuorum(of)) : reached;
    }

    /** All that can be dialled, by sid: members now, and members to be. */
    SortedMap<Long, ServerSpec> servers() {
        SortedMap<Long, ServerSpec> servers = new TreeMap<>(proposed.servers());
        servers.putAll(committed.servers());
        return servers;
    }

    /**
     * A transaction became part of our history; if it changes the members, those to be are reached from now on.
     *
     * @throws dev.paddock.wire.WireException if it cannot be read
     */
    void appended(Proposal p, Consumer<Effect> out) {
        if (!changeable || !p.isReconfiguration()) return;
        if (!(TxnRecord.parse(p.payload()).txn() instanceof Txn.Reconfig txn)) return;
        logged = parsed(txn.data()).withVersion(p.zxid());
        proposed = logged;
        out.accept(new Effect.Reachable(servers()));
    }

    /** A quorum agreed on these: whoever else is here hears of it. */
    void commit(Members members, Consumer<Effect> out) {
        committed = members;
        if (logged.version() <= members.version()) logged = members;
        if (proposed.version() <= members.version()) proposed = logged;
        out.accept(new Effect.Reachable(servers()));
        out.accept(new Effect.MembersCommitted(members));
    }

    /** Our history was replaced by this one, which may lack a reconfiguration that we had, or hold another. */
    void reset(Database history) {
        Members latest = changeable ? history.members().orElse(committed) : committed;
        logged = latest.version() > committed.version() ? latest : committed;
        proposed = logged;
    }

    /** Another server, which looks for a leader as we do, has this reconfiguration in its history. */
    void hear(Members theirs) {
        if (theirs.version() > proposed.version()) proposed = theirs;
    }

    /** The search is over: from now on only what is in our history counts. */
    void forgetHeard() {
        proposed = logged;
    }

    /**
     * What this server tells others that look for a leader: the configuration that a quorum agreed on, and as comments, which
     * Apache's servers do not read, the one that is proposed. Servers that lack the proposal could not vote for a leader which
     * only that one knows, and might be needed for its election.
     */
    String told() {
        if (!isChanging()) return committed.text();
        return committed.text() + ("\n" + proposed.text()).replace("\n", "\n" + PROPOSED);
    }

    /** What {@link #told} says of a proposed configuration; empty if there is none. */
    static Optional<Members> proposedIn(String told) {
        if (!told.contains(PROPOSED)) return Optional.empty();
        String text = told.lines()
                .filter(line -> line.startsWith(PROPOSED))
                .map(line -> line.substring(PROPOSED.length()))
                .collect(Collectors.joining("\n"));
        return Optional.of(parsed(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads the text of a configuration.
     *
     * @throws ProtocolException if it is none
     */
    static Members parsed(byte @Nullable [] text) {
        try {
            Members members = Members.parse(text == null ? "" : new String(text, StandardCharsets.UTF_8));
            if (members.voters().length == 0) throw new ProtocolException("sent a configuration without voters");
            return members;
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("sent a configuration that cannot be read: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "voters " + Arrays.toString(committed.voters())
                + (isChanging() ? ", soon " + Arrays.toString(proposed.voters()) : "");
    }
}
