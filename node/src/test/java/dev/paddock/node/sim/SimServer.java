package dev.paddock.node.sim;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.replica.Now;
import dev.paddock.node.replica.Replica;
import dev.paddock.node.replica.ReplicaConfig;
import dev.paddock.node.replica.ReplicaOut;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.session.SessionTimeouts;
import dev.paddock.node.zab.Effect;
import dev.paddock.node.zab.Ensemble;
import dev.paddock.node.zab.Input;
import dev.paddock.node.zab.Peer;
import dev.paddock.node.zab.Timing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server of the simulation: the production core over a simulated disk, network and clock. */
final class SimServer implements ReplicaOut {
    private static final long TICK_NANOS = 10_000_000;
    private static final long WALL_MILLIS_AT_START = 1_600_000_000_000L;
    private static final Timing TIMING = new Timing(500_000_000L, 10, 5);

    final long sid;
    SimDisk disk = new SimDisk();
    private final Simulation sim;
    private @Nullable Replica replica; // null while the process is down
    private int incarnation;
    private boolean diskBusy;
    long pausedUntilNanos;

    SimServer(Simulation sim, long sid) {
        this.sim = sim;
        this.sid = sid;
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

    boolean isLeading() {
        return replica != null && replica.peer().broadcasting();
    }

    void boot() {
        incarnation++;
        diskBusy = false;
        String text = sim.configText();
        Ensemble ensemble = new Ensemble(sid, sim.sids(), text, 0);
        ReplicaConfig config =
                new ReplicaConfig(ensemble, TIMING, new SessionTimeouts(1_000, 10_000), sim.commitLogCount, 1 << 20);
        replica = new Replica(config, disk.recover(), disk.database(), new SessionIds(sid, wallMillis()), this);
        replica.start(now());
        later(TICK_NANOS, this::tick);
    }

    void crash() {
        replica = null;
        incarnation++;
        pausedUntilNanos = 0;
        disk.crash(sim.random);
        sim.network.crashed(sid);
        sim.clients.forEach(c -> c.disconnected(sid));
    }

    void input(Input input) {
        run(() -> replica().step(now(), input));
    }

    void submit(Submission submission) {
        run(() -> replica().submit(now(), submission));
    }

    /** Runs now, after the pause if the server is paused, never if it crashed meanwhile. */
    private void run(Runnable action) {
        int born = incarnation;
        if (replica == null) return;
        if (isPaused()) {
            sim.at(pausedUntilNanos, () -> {
                if (born == incarnation) run(action);
            });
        } else {
            action.run();
        }
    }

    private void later(long afterNanos, Runnable action) {
        int born = incarnation;
        sim.at(sim.nowNanos + afterNanos, () -> {
            if (born == incarnation) run(action);
        });
    }

    private void tick() {
        replica().step(now(), new Input.Tick());
        later(TICK_NANOS, this::tick);
    }

    private long wallMillis() {
        return WALL_MILLIS_AT_START + sim.nowNanos / 1_000_000;
    }

    private Now now() {
        return new Now(sim.nowNanos, wallMillis());
    }

    @Override
    public void toPeers(Effect.ToPeers effect) {
        sim.network.send(sid, effect);
    }

    @Override
    public void toDisk(Effect.ToDisk effect) {
        disk.ask(effect);
        if (!diskBusy) startForce();
    }

    /** One force covers all that waited; what comes meanwhile waits for the next. */
    private void startForce() {
        diskBusy = true;
        int born = incarnation;
        long took = 100_000 + (long) (sim.random.nextDouble() * sim.random.nextDouble() * sim.forceSpanNanos);
        sim.at(sim.nowNanos, () -> {
            if (born != incarnation) return;
            int batch = disk.pending();
            sim.at(sim.nowNanos + took, () -> forced(born, batch));
        });
    }

    private void forced(int born, int batch) {
        if (born != incarnation) return;
        List<Input> answers = disk.perform(batch);
        diskBusy = false;
        if (disk.pending() > 0) startForce();
        answers.forEach(this::input);
    }

    @Override
    public void toAll(Delivery delivery) {
        switch (delivery) {
            case Delivery.Committed c -> {
                sim.oracle.committed(this, c);
                sim.clients.forEach(client -> client.committed(sid, c));
            }
            case Delivery.Serving s -> sim.oracle.serving(this, s.view());
            case Delivery.NotServing() -> sim.clients.forEach(client -> client.disconnected(sid));
            case Delivery.Synced _,
                    Delivery.SessionOpened _,
                    Delivery.SessionRefused _,
                    Delivery.Detach _,
                    Delivery.Refused _ -> throw new AssertionError("for one loop only: " + delivery);
        }
    }

    @Override
    public void toLoop(int loop, Delivery delivery) {
        sim.clients.get(loop).delivered(sid, delivery);
    }

    @Override
    public void note(String text) {
        sim.trace("server " + sid + ": " + text);
    }

    Peer.Role role() {
        return replica().peer().role();
    }
}
