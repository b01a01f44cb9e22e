package dev.paddock.node.sim;

import static java.util.stream.Collectors.joining;

import dev.paddock.node.members.Members;
import dev.paddock.node.replica.SweepPace;
import dev.paddock.node.request.AclRules;
import dev.paddock.node.request.Schemes;
import dev.paddock.node.session.SessionModes;
import dev.paddock.node.zab.Observing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An ensemble of production cores in one thread, in virtual time, the same way every time for the same seed. Messages
 * are late, links are cut, servers pause, crash and lose what was not forced; after every event {@link Oracle} checks.
 */
final class Simulation {
    static final long SECOND = 1_000_000_000L;

    /** The dice that all others come from: each server, each client and the network has its own, so that one disturbs no other. */
    final SplittableRandom random;

    final List<SimServer> servers = new ArrayList<>();
    final List<SimClient> clients = new ArrayList<>();
    final List<Workload> workloads = new ArrayList<>();
    final SimNetwork network;
    final Oracle oracle = new Oracle(this);
    final Pulse pulse = new Pulse(this);
    final TraceHash hash = new TraceHash();
    final Tally tally = new Tally();
    final long seed;
    long nowNanos;
    String test = testUnderWay(); // that runs this seed
    String chosen = ""; // option that chooses some of its faults
    SessionModes modes = SessionModes.GLOBAL;
    SweepPace sweep = SweepPace.DEFAULT;
    int commitLogCount = 50;
    long forceSpanNanos = 4_000_000;
    boolean forcesOneByOne; // no force covers two
    boolean crashesLoseAll; // nothing that was not forced survives by luck
    AclRules acl = AclRules.byDefault();
    boolean changeable; // whether clients may change the members
    Predicate<String> damageable = file -> !file.equals(Damages.NOTES); // what files of a disk may be damaged
    boolean damagesTurnOver; // who has damaged files starts again soon, so that the next may be struck
    boolean grouped; // and let them vote in groups
    boolean moves; // and let one of them listen elsewhere
    boolean alone; // the only server runs without peers
    boolean forgetsMembers; // a server starts with the members it was first started with, whatever it learned
    int firstVoters; // the others are there to join
    Observing observing = Observing.DIRECTLY;
    boolean others; // are observers, rather than there to join
    boolean clientsGoAway; // now and then, perhaps for longer than their sessions wait
    boolean ignoresSeenZxid; // servers do not ask a client what it has seen
    boolean ignoresMissedEvents; // servers do not look for events that a watch would have fired while its client was
    // away
    Supplier<SimDisk> newDisk = SimDisk::new;
    boolean isHealed; // no fault that was planned strikes any more
    private long stallsUntilNanos;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final long firstSid;
    private long sequence;
    private final List<String> trace = new ArrayList<>();

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private Simulation(long firstSid, int servers, long seed) {
        this.firstSid = firstSid;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.network = new SimNetwork(this);
        this.firstVoters = servers;
        for (int i = 0; i < servers; i++) this.servers.add(new SimServer(this, firstSid + i));
    }

    /** By its simple name. */
    private static String testUnderWay() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                        .filter(name -> name.endsWith("Test"))
                        .map(name -> name.substring(name.lastIndexOf('.') + 1))
                        .findFirst()
                        .orElse("SimulationTest"));
    }

    static Simulation servers(int count, long seed) {
        return new Simulation(1, count, seed);
    }

    /** Servers whose sids do not begin with 1. */
    static Simulation serversFrom(long firstSid, int count, long seed) {
        return new Simulation(firstSid, count, seed);
    }

    Simulation clients(int count) {
        for (int i = 0; i < count; i++) workloads.add(new Workload(this, client()));
        return this;
    }

    /** Disks of this kind for all servers, also those that are yet to come; before it starts. */
    Simulation disks(Supplier<SimDisk> disk) {
        newDisk = disk;
        servers.forEach(server -> server.disk = disk.get());
        return this;
    }

    /** A client that does only what it is told. */
    SimClient client() {
        SimClient client = new SimClient(this, clients.size());
        clients.add(client);
        return client;
    }

    Simulation start() {
        servers.forEach(SimServer::boot);
        return this;
    }

    SimServer server(long sid) {
        return servers.get((int) (sid - firstSid));
    }

    long anySid() {
        return servers.get(random.nextInt(servers.size())).sid;
    }

    long[] sids() {
        return servers.stream().mapToLong(s -> s.sid).toArray();
    }

    /** The members that servers are first started with: the voters, and a joiner if it starts. */
    Members members(long joiner) {
        StringBuilder text = new StringBuilder();
        for (SimServer s : servers) {
            boolean votes = s.sid < firstSid + firstVoters;
            if (votes || others || s.sid == joiner)
                text.append(line(s.sid, votes || !others ? "participant" : "observer"))
                        .append('\n');
        }
        return Members.parse(text.toString());
    }

    static String line(long sid, String role) {
        return line(sid, role, 0);
    }

    /** Likewise, at other ports for other servers. */
    static String line(long sid, String role, int place) {
        return "server." + sid + "=host" + sid + ":" + (2888 + place) + ":" + (3888 + place) + ":" + role + ";2181";
    }

    void at(long nanos, Runnable action) {
        events.add(new Event(Math.max(nanos, nowNanos), sequence++, action));
    }

    /** All disks answer nothing for a while. */
    void stallDisks(long nanos) {
        stallsUntilNanos = nowNanos + nanos;
    }

    long stallNanos() {
        return Math.max(0, stallsUntilNanos - nowNanos);
    }

    void after(long nanos, Runnable action) {
        at(nowNanos + nanos, action);
    }

    void trace(String line) {
        if (trace.size() > 5_000) trace.subList(0, 2_500).clear();
        trace.add(String.format("%10.3f ms %s", nowNanos / 1e6, line));
        hash.add(line);
    }

    /** Runs until the condition holds. */
    void runUntil(Predicate<Simulation> condition, long limitNanos) {
        long deadline = nowNanos + limitNanos;
        while (!condition.test(this)) {
            Event next = events.poll();
            if (next == null || next.at() > deadline) {
                throw new AssertionError(this + ": not reached in time; servers:\n"
                        + servers.stream().map(SimServer::toString).collect(joining("\n")) + "\nlast events:\n"
                        + String.join("\n", trace.subList(Math.max(0, trace.size() - 40), trace.size())));
            }
            nowNanos = next.at();
            hash.add(nowNanos);
            hash.add(next.sequence());
            next.action().run();
        }
    }

    void run(long nanos) {
        long deadline = nowNanos + nanos;
        at(deadline, () -> {});
        runUntil(s -> s.nowNanos >= deadline, nanos);
    }

    SimServer leader() {
        return servers.stream()
                .filter(SimServer::isLeading)
                .max((a, b) -> Long.compare(
                        a.replica().peer().epoch(), b.replica().peer().epoch()))
                .orElseThrow();
    }

    boolean hasEstablishedLeader() {
        return servers.stream().anyMatch(SimServer::isLeading);
    }

    /** From now on clients may change the members; those above are there to join. */
    Simulation changeable(int voters) {
        changeable = true;
        firstVoters = voters;
        acl = new AclRules(new Schemes(true, true, false, false, false, Optional.empty(), Optional.empty()));
        return this;
    }

    /** Only so many vote; the others observe. */
    Simulation observed(int voters) {
        others = true;
        firstVoters = voters;
        return this;
    }

    /** Likewise, and those hang on followers. */
    Simulation observedByMasters(int voters) {
        observing = new Observing(true, 200_000_000L, 0);
        return observed(voters);
    }

    /** So many more servers, which observe and hang on followers; before it starts. */
    Simulation withObservers(int count) {
        int voters = servers.size();
        for (int i = 0; i < count; i++) servers.add(new SimServer(this, firstSid + voters + i));
        return observedByMasters(voters);
    }

    boolean isServing() {
        return servers.stream().allMatch(SimServer::isServing);
    }

    /** No server refuses changes for want of room, nor is about to. */
    boolean takesChanges() {
        return servers.stream()
                .filter(SimServer::isUp)
                .map(SimServer::replica)
                .noneMatch(replica -> replica.refusesChanges() || replica.peer().isShort());
    }

    boolean hasNoOrphans() {
        return hasEstablishedLeader() && oracle.hasNoOrphans();
    }

    /** Every server serves and is at the same point of history. */
    boolean isCalm() {
        long zxid = servers.getFirst().isUp()
                ? servers.getFirst().replica().committed().lastZxid()
                : -1;
        return servers.stream()
                        .allMatch(s -> s.isServing() && s.replica().committed().lastZxid() == zxid)
                && clients.stream().allMatch(c -> c.outstanding() == 0);
    }

    @Override
    public String toString() {
        return "seed " + seed + " with " + servers.size() + " servers at " + nowNanos / 1_000_000
                + " ms, trace " + hash + " (replay: mvn verify -pl node -am -Dtest=" + test
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dseed=" + seed + chosen + ")";
    }
}
