package dev.paddock.node.server;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.meter.Metric;
import dev.paddock.node.meter.Metric.Basic;
import dev.paddock.node.meter.Metric.Basics;
import dev.paddock.node.meter.Metric.Counter;
import dev.paddock.node.meter.Metric.Counters;
import dev.paddock.node.meter.Metric.Gauge;
import dev.paddock.node.meter.Metric.Sorted;
import dev.paddock.node.meter.Metric.Sorteds;
import dev.paddock.node.meter.Namespaces;
import dev.paddock.node.meter.Reading;
import dev.paddock.node.meter.Summary;
import dev.paddock.node.net.ServerStatus.ProposalSizes;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.tree.Change;
import dev.paddock.node.tree.Overrun;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.QuorumPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the core brings about, under Apache ZooKeeper 3.9's keys. Owned by the core thread. */
final class CoreMeter {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int NAMESPACES_MAX = 1000; // those that come later are not counted
    private static final int TIME_AT = 8 + 4 + 8; // in a txn: session, cxid and zxid come before its time
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** A txn on its way, and the wall time at which its leader made it. */
    private record Proposed(long zxid, long wallMillis) {}

    private final Deque<Proposed> proposed = new ArrayDeque<>(); // not committed; as many as the core has open
    private final Summary electionMillis = Summary.basic();
    private final Summary followerSyncMillis = Summary.basic();
    private final Summary observerSyncMillis = Summary.basic();
    private final Summary unavailableMillis = Summary.basic();
    private final Summary leaderUnavailableMillis = Summary.basic();
    private final Summary ackMillis = Summary.sorted();
    private final Summary proposalMillis = Summary.sorted();
    private final Summary propagationMillis = Summary.sorted();
    private final Summary commitPropagationMillis = Summary.sorted();
    private final Namespaces writes = new Namespaces();
    private final AckMeter acks;
    private final Map<String, Long> refusedByQuota = new TreeMap<>(); // by namespace
    private Peer.Role role = Peer.Role.LOOKING;
    private boolean serves;
    private long roleNanos = System.nanoTime(); // when it was taken
    private long servesNanos = roleNanos; // when that changed last
    private long lookings = 1; // a server starts by looking
    private long proposals;
    private long proposalsReceived;
    private long commits;
    private long commitsReceived;
    private long diffs;
    private long snapshots;
    private long expiredBefore;
    private long revalidatedBefore;
    private long roomRefusedBefore;
    private int proposalBytesLast = -1;
    private int proposalBytesMin = -1;
    private int proposalBytesMax = -1;

    /**
     * @param self sid of this server
     */
    CoreMeter(long self) {
        this.acks = new AckMeter(self);
    }

    void input(Input input) {
        acks.input(input);
    }

    void toDisk(Effect.ToDisk effect) {
        if (!(effect instanceof Effect.Append(Proposal proposal))) return;
        int bytes = proposal.payload().length;
        proposalBytesLast = bytes;
        proposalBytesMin = proposalBytesMin < 0 ? bytes : Math.min(bytes, proposalBytesMin);
        proposalBytesMax = Math.max(bytes, proposalBytesMax);
        long wallMillis = (long) LONG.get(proposal.payload(), TIME_AT);
        proposed.addLast(new Proposed(proposal.zxid(), wallMillis));
        if (role == Peer.Role.LEADING) {
            proposals++;
            acks.proposed(proposal.zxid());
        } else if (role != Peer.Role.OBSERVING) { // who is told of a txn once it is committed
            proposalsReceived++;
            proposalMillis.add(System.currentTimeMillis() - wallMillis);
        }
    }

    void toPeers(Effect.ToPeers effect) {
        if (effect instanceof Effect.SendSnapshot) snapshots++;
        else if (effect instanceof Effect.Send(long link, QuorumPacket packet)) {
            if (packet.type() == QuorumPacket.DIFF || packet.type() == QuorumPacket.TRUNC) diffs++;
        }
    }

    void committed(Delivery.Committed txn) {
        txn.changes().forEach(this::written);
        committed(txn.zxid());
    }

    /** Apache counts the characters of the path, and the data. */
    private void written(Change change) {
        if (change.kind() == Change.Kind.CHILDREN_CHANGED) return;
        byte[] path = change.path().getBytes(StandardCharsets.UTF_8);
        writes.add(path, 0, path.length, change.path().length() + change.dataBytes());
    }

    private void committed(long zxid) {
        boolean leads = role == Peer.Role.LEADING;
        if (leads) commits++;
        else commitsReceived++;
        while (!proposed.isEmpty() && proposed.getFirst().zxid() <= zxid) {
            Proposed first = proposed.removeFirst();
            if (first.zxid() != zxid) continue;
            long took = System.currentTimeMillis() - first.wallMillis();
            propagationMillis.add(took);
            (leads ? ackMillis : commitPropagationMillis).add(took);
        }
    }

    void overQuota(Overrun overrun) {
        boolean counts = overrun.isHard() && !overrun.namespace().isEmpty();
        boolean hasRoom = refusedByQuota.size() < NAMESPACES_MAX || refusedByQuota.containsKey(overrun.namespace());
        if (counts && hasRoom) refusedByQuota.merge(overrun.namespace(), 1L, Long::sum);
    }

    /** After each batch. */
    void stepped(Replica replica) {
        Peer.Role next = replica.peer().role();
        boolean nowServes = replica.peer().serving();
        if (next == role && nowServes == serves) return;
        long now = System.nanoTime();
        if (next != role) {
            if (role == Peer.Role.LOOKING && next != Peer.Role.OBSERVING) {
                electionMillis.add((now - roleNanos) / NANOS_PER_MILLI);
            }
            if (next == Peer.Role.LOOKING) lookings++;
            acks.forgetProposals();
            role = next;
            roleNanos = now;
        }
        if (nowServes != serves) {
            if (nowServes) beginsToServe(now);
            else proposed.clear();
            serves = nowServes;
            servesNanos = now;
        }
    }

    private void beginsToServe(long now) {
        long took = (now - servesNanos) / NANOS_PER_MILLI;
        unavailableMillis.add(took);
        long inRole = (now - roleNanos) / NANOS_PER_MILLI;
        if (role == Peer.Role.LEADING) leaderUnavailableMillis.add(took);
        else (role == Peer.Role.OBSERVING ? observerSyncMillis : followerSyncMillis).add(inRole);
    }

    /** What {@link #toDisk} has seen since the start or the last {@link #reset}. */
    ProposalSizes proposalSizes() {
        return new ProposalSizes(proposalBytesLast, proposalBytesMin, proposalBytesMax);
    }

    List<Metric> metrics(Replica replica, boolean isStandalone) {
        List<Metric> metrics = new ArrayList<>(List.of(
                new Counter("learner_proposal_received_count", proposalsReceived),
                new Counter("learner_commit_received_count", commitsReceived),
                new Counter("diff_count", diffs),
                new Counter("snap_count", snapshots),
                new Gauge("local_sessions", replica.localSessionCount()),
                new Counter("stale_sessions_expired", replica.expiredCount() - expiredBefore),
                new Counter("digest_mismatches_count", replica.digests().mismatches()),
                new Counter("writes_refused_disk_full_count", replica.roomRefusedCount() - roomRefusedBefore),
                new Counter("revalidate_count", replica.revalidatedCount() - revalidatedBefore),
                new Basics("write_per_namespace", writes.read()),
                new Counters("quota_exceeded_error_per_namespace", new TreeMap<>(refusedByQuota)),
                new Basic("follower_sync_time", followerSyncMillis.read()),
                new Basic("observer_sync_time", observerSyncMillis.read()),
                new Sorted("proposal_latency", proposalMillis.read()),
                new Sorted("propagation_latency", propagationMillis.read()),
                new Sorted("commit_propagation_latency", commitPropagationMillis.read())));
        metrics.addAll(ofEnsembles(isStandalone));
        if (isStandalone) return metrics;
        metrics.add(new Gauge("quorum_size", replica.peer().members().voters().length)); // Apache's name for all voters
        if (role == Peer.Role.OBSERVING)
            metrics.add(new Gauge("observer_master_id", replica.peer().master()));
        if (role == Peer.Role.LEADING || replica.peer().servesObservers())
            metrics.add(new Gauge("synced_observers", replica.peer().syncedObservers()));
        if (role == Peer.Role.LEADING) addOfLeader(metrics, replica);
        return metrics;
    }

    /** What a server that runs alone has nobody to count with: there it stays at nothing, as by Apache. */
    private List<Metric> ofEnsembles(boolean isStandalone) {
        return List.of(
                new Counter("proposal_count", isStandalone ? 0 : proposals),
                new Counter("commit_count", isStandalone ? 0 : commits),
                new Counter("looking_count", isStandalone ? 0 : lookings),
                new Sorteds("ack_latency", isStandalone ? Map.of() : acks.read()),
                new Basic("election_time", isStandalone ? Reading.NONE : electionMillis.read()),
                new Basic("unavailable_time", isStandalone ? Reading.NONE : unavailableMillis.read()),
                new Basic("leader_unavailable_time", isStandalone ? Reading.NONE : leaderUnavailableMillis.read()),
                new Sorted("quorum_ack_latency", isStandalone ? Reading.NONE : ackMillis.read()));
    }

    private void addOfLeader(List<Metric> metrics, Replica replica) {
        int synced = replica.peer().syncedFollowers();
        metrics.add(new Gauge("learners", acks.learners()));
        metrics.add(new Gauge("synced_followers", synced));
        metrics.add(new Gauge("pending_syncs", replica.pendingSyncs()));
        metrics.add(new Gauge("leader_uptime", (System.nanoTime() - servesNanos) / NANOS_PER_MILLI));
        metrics.add(new Gauge("last_proposal_size", proposalBytesLast));
        metrics.add(new Gauge("min_proposal_size", proposalBytesMin));
        metrics.add(new Gauge("max_proposal_size", proposalBytesMax));
    }

    /** Begins to count again. */
    void reset(Replica replica) {
        for (Summary summary : List.of(
                electionMillis,
                followerSyncMillis,
                observerSyncMillis,
                unavailableMillis,
                leaderUnavailableMillis,
                ackMillis,
                proposalMillis,
                propagationMillis,
                commitPropagationMillis)) {
            summary.reset();
        }
        writes.reset();
        acks.reset();
        refusedByQuota.replaceAll((namespace, count) -> 0L);
        proposals = 0;
        proposalsReceived = 0;
        commits = 0;
        commitsReceived = 0;
        diffs = 0;
        snapshots = 0;
        lookings = 0;
        expiredBefore = replica.expiredCount();
        revalidatedBefore = replica.revalidatedCount();
        roomRefusedBefore = replica.roomRefusedCount();
        proposalBytesLast = -1;
        proposalBytesMin = -1;
        proposalBytesMax = -1;
    }
}
