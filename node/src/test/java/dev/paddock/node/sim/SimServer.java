package dev.paddock.node.sim;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.members.Members;
import dev.paddock.node.replica.Now;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.replica.ReplicaConfig;
import dev.paddock.node.replica.ReplicaOut;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.session.SessionTimeouts;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.DigestAudit;
import dev.paddock.node.tree.Overrun;
import dev.paddock.node.zab.Durable;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Ensemble;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Proposal;
import dev.paddock.node.zab.Timing;
import dev.paddock.wire.QuorumPacket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A server of the simulation: the production core and client loops over a simulated disk, network and clock. */
final class SimServer implements ReplicaOut {
    /** How long a leader may be silent. */
    static final long SILENCE_NANOS = 1_000_000_000L;

    private static final long TICK_NANOS = 10_000_000;
    private static final int LOOPS = 2;
    private static final int TICKS_A_LOOP_TICK = 10;
    private static final long RESTART_NANOS = 300_000_000;
    private static final long LOOK_NANOS = 200_000_000; // as server.DiskThread
    private static final long ROOM_WAIT_NANOS = 1_000_000_000;

    final long sid;
    SimDisk disk;
    long zxidsPerEpoch = 0xffff_ffffL;
    boolean leaderServes = true;
    Timing timing = new Timing(500_000_000L, 10, 5, SILENCE_NANOS);
    final SimClock clock;
    final List<SimLoop> loops = new ArrayList<>();

    /** The server crashes a moment after it asks its disk for this. */
    Predicate<Effect.ToDisk> crashesAt = effect -> false;

    final SplittableRandom random;
    private final Simulation sim;
    private final Deque<Runnable> missed = new ArrayDeque<>(); // came during a pause

    @Nullable
    IOException refusal; // why the disk did not let it start the last time

    private @Nullable Replica replica; // null while the process is down
    private final Stage stage = new Stage();
    private final List<Runnable> awaitingTouches = new ArrayList<>();
    private int incarnation;
    private boolean diskBusy;
    private boolean diskHeld;
    private long pausedUntilNanos;
    private long ticks;

    SimServer(Simulation sim, long sid) {
        this.sim = sim;
        this.clock = new SimClock(sim);
        this.random = sim.random.split();
        this.sid = sid;
        this.disk = sim.newDisk.get();
    }

    boolean isUp() {
        return replica != null;
    }

    boolean isPaused() {
        return pausedUntilNanos > sim.nowNanos;
    }

    Replica replica() {
        if (replica == null) throw new IllegalStateException("server " + sid + " is down");
        return replica;
    }

    boolean isServing() {
        return replica != null && replica.peer().serving();
    }

    boolean takesClients() {
        return replica != null && replica.takesClients();
    }

    boolean isReadOnly() {
        return replica != null && replica.readOnly();
    }

    boolean isLeading() {
        return replica != null && replica.peer().broadcasting();
    }

    Peer.Role role() {
        return replica().peer().role();
    }

    void boot() {
        incarnation++;
        diskBusy = false;
        missed.clear();
        loops.clear();
        awaitingTouches.clear();
        stage.begins();
        disk.tell(step -> sim.hash.add(step));
        disk.time(clock::nanos);
        try {
            disk.open();
        } catch (IOException e) {
            refused(e);
            return;
        }
        sim.oracle.started(this);
        for (int i = 0; i < LOOPS; i++) loops.add(new SimLoop(sim, this, i));
        Database database = disk.database();
        Ensemble ensemble = ensemble(database);
        if (!sim.alone) {
            Members members = ensemble.committed();
            database = database.withConfig(members.text(), members.version(), clock.wallMillis());
        }
        ReplicaConfig config = new ReplicaConfig(
                ensemble,
                timing,
                sim.observing,
                leaderServes,
                new SessionTimeouts(1_000, 10_000),
                sim.modes,
                sim.acl,
                sim.sweep,
                SimNetwork.PACKET_BYTES_MAX,
                zxidsPerEpoch,
                sim.commitLogCount,
                1 << 20);
        Durable durable = disk.recover();
        if (!durable.isComplete()) sim.tally.count("starts of servers that lack what they acknowledged");
        replica = new Replica(
                config, durable, database, new DigestAudit(), new SessionIds(sid, clock.wallMillis()), this);
        sim.trace("server " + sid + " boots at " + Long.toHexString(disk.lastZxid()));
        refusal = null;
        replica.start(now());
        later(TICK_NANOS, this::tick);
        if (disk.isWatched()) watchRoom();
    }

    private void watchRoom() {
        disk.listen(isLow -> {
            boolean leads = isLow && isLeading();
            sim.tally.count(
                    leads
                            ? "leaders whose disks fill up"
                            : isLow ? "disks that fill up" : "disks that have room again");
            later(0, () -> replica().room(!isLow));
        });
        later(LOOK_NANOS, this::look);
    }

    private void look() {
        if (!diskHeld) disk.look();
        later(LOOK_NANOS, this::look);
    }

    /** The disk lets it not start: it tries again later, as whatever looks after the process does. */
    private void refused(IOException why) {
        sim.trace("server " + sid + " does not start: " + why.getMessage());
        refusal = why;
        int born = incarnation;
        sim.after(RESTART_NANOS, () -> {
            if (born == incarnation) boot();
        });
    }

    /** Likewise what {@code server.NodeSettings} makes of files. */
    private Ensemble ensemble(Database recovered) {
        Members first = sim.members(sid);
        if (sim.alone) return Ensemble.alone(sid, sim.changeable);
        if (sim.forgetsMembers) return new Ensemble(sid, first, first, sim.changeable, false, true);
        Members committed = disk.members.orElse(first);
        Members logged = sim.changeable ? recovered.members().orElse(committed) : committed;
        Members latest = logged.version() > committed.version() ? logged : committed;
        return new Ensemble(sid, committed, latest, sim.changeable, false, true);
    }

    void crash() {
        if (replica == null) return;
        sim.trace("crash of server " + sid);
        sim.tally.count("crashes of " + stage.of(replica.peer()));
        replica = null;
        incarnation++;
        pausedUntilNanos = 0;
        missed.clear();
        diskHeld = false;
        if (sim.crashesLoseAll) disk.lose();
        else disk.crash(random);
        sim.network.crashed(sid);
        loops.forEach(SimLoop::crashed);
    }

    void pause(long nanos) {
        pausedUntilNanos = Math.max(pausedUntilNanos, sim.nowNanos + nanos);
        sim.at(pausedUntilNanos, this::resume);
    }

    void resume(long atNanos) {
        pausedUntilNanos = atNanos;
        resume();
    }

    private void resume() {
        while (!isPaused() && !missed.isEmpty()) missed.removeFirst().run();
    }

    /** From now on the disk answers nothing, until released. */
    void holdDisk() {
        diskHeld = true;
    }

    void releaseDisk() {
        diskHeld = false;
        if (!diskBusy && disk.pending() > 0) startForce();
    }

    void input(Input input) {
        run(() -> {
            if (input instanceof Input.Received(long link, QuorumPacket p) && p.type() == QuorumPacket.PING)
                sim.pulse.arrives(this, link);
            replica().step(now(), input);
        });
    }

    /** How often it was started. */
    int incarnation() {
        return incarnation;
    }

    /** Runs when the core knows of everybody whom the client loops have heard of until now. */
    void afterTouches(Runnable action) {
        awaitingTouches.add(action);
    }

    private void tickLoops() {
        loops.forEach(SimLoop::tick);
        if (awaitingTouches.isEmpty()) return;
        List<Runnable> all = List.copyOf(awaitingTouches);
        awaitingTouches.clear();
        later(SimLoop.HOP_SPAN_NANOS, () -> all.forEach(Runnable::run));
    }

    /** A leader's snapshot arrives, read by the rules of this server. */
    void received(long link, Database database) {
        boolean isAlike = database.rules().equals(disk.rules);
        Database read = isAlike ? database : ApacheAlike.carried(database, disk.rules);
        input(new Input.ReceivedSnapshot(link, read));
    }

    /** Asks it to hand over leadership; says why it does not, and nothing if it has begun. */
    Optional<String> handOver() {
        return replica == null || isPaused() ? Optional.of("down or paused") : replica.handOver(now());
    }

    void submit(Submission submission) {
        run(() -> replica().submit(now(), submission));
    }

    /** Runs now, after the pause if the server is paused, never if it crashed meanwhile. */
    void run(Runnable action) {
        if (replica == null) return;
        if (isPaused() || !missed.isEmpty()) missed.addLast(action);
        else action.run();
    }

    void later(long afterNanos, Runnable action) {
        int born = incarnation;
        sim.after(afterNanos, () -> {
            if (born == incarnation) run(action);
        });
    }

    private void tick() {
        replica().step(now(), new Input.Tick());
        if (++ticks % TICKS_A_LOOP_TICK == 0) tickLoops();
        later(TICK_NANOS, this::tick);
    }

    private Now now() {
        return new Now(clock.nanos(), clock.wallMillis());
    }

    @Override
    public void toPeers(Effect.ToPeers effect) {
        stage.says(effect);
        sim.pulse.sends(this, effect);
        sim.network.send(sid, effect);
    }

    @Override
    public void toDisk(Effect.ToDisk effect) {
        if (effect instanceof Effect.SaveMembers(Members members)
                && !members.servers().containsKey(sid)) return; // as server.Node
        if (effect instanceof Effect.Append(Proposal p) && role() == Peer.Role.LEADING) sim.oracle.proposed(p);
        disk.ask(effect);
        if (!diskBusy && !diskHeld) startForce();
        if (crashesAt.test(effect)) {
            crashesAt = e -> false;
            int born = incarnation;
            sim.after((long) (random.nextDouble() * sim.forceSpanNanos), () -> {
                if (born == incarnation && !sim.isHealed) crash();
            });
        }
    }

    /** One force covers all that waited; what comes meanwhile waits for the next. */
    private void startForce() {
        diskBusy = true;
        int born = incarnation;
        double luck = random.nextDouble() * random.nextDouble();
        long took = 100_000 + (long) (luck * sim.forceSpanNanos) + sim.stallNanos();
        sim.after(0, () -> {
            if (born != incarnation) return;
            int batch = sim.forcesOneByOne ? 1 : disk.pending();
            sim.after(took, () -> forced(born, batch));
        });
    }

    private void forced(int born, int batch) {
        if (born != incarnation) return;
        diskBusy = false;
        if (diskHeld) return; // nothing is durable yet; all of it waits for the release
        List<Input> answers;
        try {
            answers = disk.perform(batch);
        } catch (IOException e) { // what the disk holds is unknown from now on
            sim.trace("server " + sid + " stops: " + e.getMessage());
            crash();
            sim.after(RESTART_NANOS, () -> {
                if (!isUp()) boot();
            });
            return;
        }
        if (disk.isWaiting()) {
            diskBusy = true;
            sim.after(ROOM_WAIT_NANOS, () -> forced(born, batch));
            return;
        }
        sim.hash.add(sid);
        sim.hash.add(answers.size());
        sim.hash.add(disk.lastZxid());
        sim.oracle.durable(); // it may have cut or replaced its history
        if (disk.pending() > 0) startForce();
        answers.forEach(this::input);
    }

    @Override
    public void toAll(Delivery delivery) {
        if (delivery instanceof Delivery.Committed c) sim.oracle.committed(this, c);
        if (delivery instanceof Delivery.Serving) stage.begins();
        if (delivery instanceof Delivery.Serving s && !s.readOnly()) sim.oracle.serving(this, s.view());
        if (delivery instanceof Delivery.NotServing(boolean isBrief) && !isBrief)
            sim.oracle.serving(this, replica().committed()); // it leads, and takes no clients
        loops.forEach(loop -> loop.deliver(delivery));
    }

    @Override
    public void toLoop(int loop, Delivery delivery) {
        loops.get(loop).deliver(delivery);
    }

    @Override
    public void overQuota(Overrun overrun) {
        note(overrun.text());
    }

    @Override
    public void note(String text) {
        sim.trace("server " + sid + ": " + text);
    }

    @Override
    public String toString() {
        Replica up = replica;
        return up == null
                ? "server " + sid + " is down"
                : "server " + sid + ": " + up.peer() + ", applied "
                        + Long.toHexString(up.committed().lastZxid());
    }
}
