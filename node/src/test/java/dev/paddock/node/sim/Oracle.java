package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.members.Members;
import dev.paddock.node.tree.Change;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.node.tree.Znode;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import dev.paddock.wire.Zxid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Watches every server and every client and knows what must never happen. */
final class Oracle {
    private static final long COMPARED_EVERY = 256; // comparing whole trees at each commit would be quadratic

    /** Whether to look at the disks as well: what is committed is on those of a quorum. */
    boolean watchesDisks = true;

    long commits;

    private final Simulation sim;
    private final Ledger ledger;
    private final Map<Long, Long> leaders = new HashMap<>(); // epoch to sid
    private final Map<Long, Delivery.Committed> history = new HashMap<>(); // zxid to what was committed, first seen
    private final Map<Long, Long> before = new HashMap<>(); // zxid to the zxid committed just before it
    private final Map<Long, Long> reached = new HashMap<>(); // sid to the zxid of its state
    private final Map<Long, Database> states = new HashMap<>(); // zxid to the state, first seen
    private final Map<String, TreeSet<Long>> changes = new TreeMap<>(); // shared path to when it changed
    private final TreeMap<Long, Long> shownIn = new TreeMap<>(); // epoch led to the newest zxid shown in it
    private long newestEpoch; // led
    private long visible; // newest zxid that any server has shown to clients
    private long acknowledged; // newest zxid that a client was told of as its own write

    Oracle(Simulation sim) {
        this.sim = sim;
        this.ledger = new Ledger(sim);
        states.put(0L, Database.empty());
    }

    /** One history: everybody commits the same after the same, and comes to the same tree. */
    void committed(SimServer server, Delivery.Committed c) {
        commits++;
        long last = reached.get(server.sid);
        Long known = before.putIfAbsent(c.zxid(), last);
        if (known != null && known != last) {
            throw new AssertionError("%s: server %d committed %s after %s, another after %s"
                    .formatted(sim, server.sid, hex(c.zxid()), hex(last), hex(known)));
        }
        succeeds(server, last, c.zxid());
        Delivery.Committed first = history.putIfAbsent(c.zxid(), c);
        if (first == null) firstCommitted(c);
        else if (!same(first, c)) {
            throw new AssertionError(
                    "%s: server %d committed another %s: %s, %s".formatted(sim, server.sid, hex(c.zxid()), first, c));
        }
        reached.put(server.sid, c.zxid());
        Database state = states.putIfAbsent(c.zxid(), c.after());
        if (state != null && c.zxid() % COMPARED_EVERY == 0) sameState(server, c.after());
        else alike(server, c.after());
        shown(server, c.zxid());
    }

    /** Primary order: of one leader nothing is left out, and nothing of an earlier one comes after it. */
    private void succeeds(SimServer server, long last, long zxid) {
        boolean isNext = Zxid.epoch(last) == Zxid.epoch(zxid)
                ? zxid == last + 1
                : Zxid.epoch(zxid) > Zxid.epoch(last) && Zxid.counter(zxid) == 1;
        if (isNext) return;
        throw new AssertionError(
                "%s: server %d committed %s next to %s".formatted(sim, server.sid, hex(zxid), hex(last)));
    }

    private static boolean same(Delivery.Committed a, Delivery.Committed b) {
        return a.sessionId() == b.sessionId()
                && a.cxid() == b.cxid()
                && a.type() == b.type()
                && (a.outcome().equals(b.outcome()) || (isOfLocal(a.outcome()) && isOfLocal(b.outcome())));
    }

    /** Why a local session has no ephemeral is known to its own server; the others take it for an unknown one. */
    private static boolean isOfLocal(Outcome outcome) {
        return outcome instanceof Outcome.Failed(int error)
                && (error == ErrorCode.EPHEMERAL_ON_LOCAL_SESSION.code() || error == ErrorCode.SESSION_EXPIRED.code());
    }

    private void firstCommitted(Delivery.Committed c) {
        ledger.committed(c);
        for (Change change : c.changes()) {
            if (change.kind() == Change.Kind.CREATED) hasLivingOwner(c.after(), change.path());
            if (change.kind() == Change.Kind.CHILDREN_CHANGED && change.path().equals("/")) changed("/", c.zxid());
            if (change.kind() == Change.Kind.CHILDREN_CHANGED || !change.path().startsWith(Workload.SHARED)) continue;
            changed(change.path(), c.zxid());
        }
        if (c.type() == OpCode.CLOSE_SESSION) {
            assertThat(c.after().ephemeralsOf(c.sessionId()))
                    .as("%s: ephemerals after the end of their session", sim)
                    .isEmpty();
        }
    }

    private void hasLivingOwner(Database state, String path) {
        Znode node = state.find(path);
        long owner = node == null ? 0 : state.stat(node).ephemeralOwner();
        if (owner == 0) return;
        assertThat(state.sessionTimeoutMillis(owner))
                .as("%s: %s was made for a session that is over", sim, path)
                .isPositive();
    }

    private void changed(String path, long zxid) {
        changes.computeIfAbsent(path, key -> new TreeSet<>()).add(zxid);
    }

    /** A new leader makes history of what no server was seen to commit. */
    private void adopted(Database before, Database after) {
        changed("/", after.stat(after.root()).pzxid());
        for (String path : Workload.sharedPaths()) {
            Znode node = after.find(path);
            if (node != null) {
                Stat stat = after.stat(node);
                changed(path, stat.czxid());
                changed(path, stat.mzxid());
            } else if (before.find(path) != null) changed(path, after.lastZxid()); // or a little before
        }
    }

    /** One leader an epoch; a new leader holds all that was shown or acknowledged before. */
    void serving(SimServer server, Database view) {
        reached.put(server.sid, view.lastZxid());
        alike(server, view);
        if (server.isLeading()) leading(server, view);
        shown(server, view.lastZxid());
    }

    private void leading(SimServer server, Database view) {
        sameState(server, view);
        long epoch = server.replica().peer().epoch();
        Long other = leaders.putIfAbsent(epoch, server.sid);
        if (other == null) sim.tally.count("leaders elected");
        newestEpoch = Math.max(newestEpoch, epoch);
        assertThat(other == null || other == server.sid)
                .as("%s: epoch %d led by %s and by %d", sim, epoch, other, server.sid)
                .isTrue();
        Map.Entry<Long, Long> before = shownIn.floorEntry(epoch);
        if (before != null) {
            assertThat(view.lastZxid())
                    .as("%s: server %d leads without what was shown to clients before", sim, server.sid)
                    .isGreaterThanOrEqualTo(before.getValue());
        }
        if (!shownIn.isEmpty() && shownIn.lastKey() > epoch) return; // superseded before it knew of its quorum
        adopted(states.get(visible), view);
        holdsAcknowledged(server, view);
    }

    private void shown(SimServer server, long zxid) {
        shownIn.merge(server.replica().peer().currentEpoch(), zxid, Math::max);
        if (zxid <= visible) return;
        visible = zxid;
        durable();
    }

    /** A disk gives back what it has taken, or tells that it cannot. */
    void started(SimServer server) {
        if (!watchesDisks || server.disk.foundAll()) return;
        throw new AssertionError("%s: server %d starts at %s without what was durable on its disk"
                .formatted(sim, server.sid, hex(server.disk.lastZxid())));
    }

    /** What was shown is on the disks of a quorum. */
    void durable() {
        if (!watchesDisks) return;
        Members members = members(states.get(visible));
        if (!members.isQuorum(sid -> sim.server(sid).disk.acknowledged() >= visible)) {
            throw new AssertionError("%s: %s is shown to clients and not on the disks of a quorum of %s"
                    .formatted(sim, hex(visible), members));
        }
    }

    private Members members(@Nullable Database state) {
        return !sim.changeable || state == null
                ? sim.members(1)
                : state.members().orElseGet(() -> sim.members(1));
    }

    /** What must hold of a server at the end. */
    void calm(SimServer server) {
        Database state = server.replica().committed();
        sameState(server, state);
        holdsAcknowledged(server, state);
        assertThat(server.replica().digests().mismatches())
                .as("%s: digests that server %d found to be wrong", sim, server.sid)
                .isZero();
        state.forEachEphemeralOwner((session, count) -> assertThat(state.sessionTimeoutMillis(session))
                .as("%s: server %d keeps ephemerals of a session that ended", sim, server.sid)
                .isPositive());
    }

    private void holdsAcknowledged(SimServer server, Database view) {
        for (Workload workload : sim.workloads) {
            for (String path : workload.acknowledged) {
                if (view.find(path) == null) {
                    throw new AssertionError(
                            "%s: server %d at %s lost %s".formatted(sim, server.sid, hex(view.lastZxid()), path));
                }
            }
        }
    }

    /** As {@link #sameState}, at a glance. */
    private void alike(SimServer server, Database state) {
        Database first = states.putIfAbsent(state.lastZxid(), state);
        if (first == null || first == state) return;
        if (first.znodeCount() != state.znodeCount()
                || first.ephemeralCount() != state.ephemeralCount()
                || first.sessionCount() != state.sessionCount()
                || first.approximateDataSize() != state.approximateDataSize()
                || (first.rules().equals(state.rules()) && first.digest() != state.digest())) {
            sameState(server, state);
        }
    }

    private void sameState(SimServer server, Database state) {
        Database first = states.putIfAbsent(state.lastZxid(), state);
        if (first == null || first == state) return;
        String difference = first.difference(state);
        if (difference != null) {
            throw new AssertionError(
                    "%s: server %d differs at %s: %s".formatted(sim, server.sid, hex(state.lastZxid()), difference));
        }
        states.put(state.lastZxid(), state); // the newer one shares more with what comes after it
    }

    // What clients are told.

    /** The newest zxid that a client was told of as its own write. */
    long acknowledged() {
        return acknowledged;
    }

    /** The last zxid of an epoch that any server was seen to commit; 0 if none was. */
    long lastOf(long epoch) {
        return history.keySet().stream()
                .filter(zxid -> Zxid.epoch(zxid) == epoch)
                .mapToLong(zxid -> zxid)
                .max()
                .orElse(0);
    }

    /** When a shared path changed first after {@code zxid}; -1 if it did not. */
    long firstChange(String path, long zxid) {
        TreeSet<Long> at = changes.get(path);
        Long first = at == null ? null : at.higher(zxid);
        return first == null ? -1 : first;
    }

    /** Whether there is no znode of this path at a zxid that was reached. */
    boolean isMissing(String path, long zxid) {
        return states.get(zxid).find(path) == null;
    }

    /** Whether every session belongs to a client that has not given it up. */
    boolean hasNoOrphans() {
        return ledger.hasNoOrphans(sim.leader().replica().committed());
    }

    /** The newest one that anybody was seen to lead; 0 if none was. */
    long newestEpoch() {
        return newestEpoch;
    }

    /** A leader proposes something. */
    void proposed(Proposal p) {
        ledger.proposed(p);
    }

    /** A client asks for something. */
    void asked(long sessionId, SimClient.Call call) {
        ledger.asked(sessionId, call);
    }

    /** A read shows exactly the state of its zxid; a write is acknowledged only when it is history. */
    void answered(SimClient client, SimClient.Call call, SimClient.Answered a) {
        switch (a.request()) {
            case Request.GetData read ->
                shows(client, a, read.path(), a.body() instanceof Response.GetData d ? d.stat() : null);
            case Request.Exists read ->
                shows(client, a, read.path(), a.body() instanceof Response.Exists e ? e.stat() : null);
            case Request.GetChildren read -> showsChildren(client, a, read.path());
            case Request.Sync _ -> {}
            case Request.CloseSession _ when sim.modes.local() -> {} // perhaps no transaction
            default -> {
                if (a.isWithoutTxn()) return;
                assertThat(history)
                        .as("%s: acknowledged to client %d", sim, client.number)
                        .containsKey(a.zxid());
                ledger.answered(client, call, a);
                isTrue(client, a);
                acknowledged = Math.max(acknowledged, a.zxid());
            }
        }
    }

    /** A write is answered as the state just before it demands. */
    private void isTrue(SimClient client, SimClient.Answered a) {
        Long last = before.get(a.zxid());
        Database state = last == null ? null : states.get(last);
        if (state == null) return; // nobody was seen to commit it one by one
        sim.tally.count("answers to writes compared with the state before them");
        Model.lie(state, states.get(a.zxid()), a).ifPresent(lie -> {
            throw new AssertionError("%s: client %d was told of %s at %s: %s"
                    .formatted(sim, client.number, a.request(), hex(a.zxid()), lie));
        });
    }

    private void shows(SimClient client, SimClient.Answered a, String path, @Nullable Stat told) {
        Database state = states.get(a.zxid());
        assertThat(state)
                .as("%s: client %d was shown %s", sim, client.number, hex(a.zxid()))
                .isNotNull();
        Znode node = state.find(path);
        Stat stat = node == null ? null : state.stat(node);
        boolean isMissing = a.error() == ErrorCode.NO_NODE.code();
        if (stat == null ? !isMissing : !stat.equals(told)) {
            throw new AssertionError("%s: client %d was shown %s of %s at %s, which was %s"
                    .formatted(sim, client.number, told, path, hex(a.zxid()), stat));
        }
    }

    private void showsChildren(SimClient client, SimClient.Answered a, String path) {
        Database state = states.get(a.zxid());
        Znode node = state == null ? null : state.find(path);
        boolean isSame = node != null
                && a.body() instanceof Response.GetChildren(List<String> names)
                && names.equals(node.childNames());
        assertThat(isSame)
                .as("%s: client %d was shown other children of %s at %s", sim, client.number, path, hex(a.zxid()))
                .isTrue();
    }

    private static String hex(long zxid) {
        return Zxid.toString(zxid);
    }
}
