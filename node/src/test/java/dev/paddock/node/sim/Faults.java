package dev.paddock.node.sim;

import dev.paddock.node.zab.Effect;
import java.io.IOException;

/** Does harm at random while it is on: crashes, cuts, pauses, disks that stall, snapshots that drop the log. */
final class Faults {
    private final Simulation sim;
    private boolean on = true;

    Faults(Simulation sim) {
        this.sim = sim;
        next();
    }

    private void next() {
        sim.after((long) (sim.random.nextDouble() * 800_000_000L), () -> {
            if (!on) return;
            strike();
            next();
        });
    }

    private void strike() {
        SimServer victim = sim.server(sim.anySid());
        SimServer leader = sim.hasEstablishedLeader() ? sim.leader() : victim;
        switch (sim.random.nextInt(16)) {
            case 0, 1 -> crash(victim);
            case 2, 3 -> crash(leader);
            case 4, 5 -> cut(victim.sid, sim.anySid());
            case 6 -> isolate(victim.sid);
            case 7 -> cutOneWay(victim.sid, sim.anySid());
            case 8 -> pause(victim, 3);
            case 9 -> pause(leader, 5); // longer than the others wait
            case 10 -> sim.stallDisks(sim.random.nextInt(1_000) * 1_000_000L);
            case 11 -> snapshot(victim);
            case 12 -> handOver(leader);
            case 13 -> rot(victim);
            default -> crashInSync(victim);
        }
    }

    private void crash(SimServer victim) {
        if (!victim.isUp()) return;
        victim.crash();
        bootLater(victim);
    }

    /** What one disk lost is no harm as long as the others have it. */
    private void rot(SimServer victim) {
        boolean isHarmless = !sim.changeable
                && sim.servers.size() > 2
                && sim.servers.stream().allMatch(server -> server.disk.isComplete());
        if (!victim.isUp() || !isHarmless) return;
        sim.trace("rot on " + victim.sid);
        victim.crash();
        victim.disk.rot(1 + sim.random.nextInt(20));
        bootLater(victim);
    }

    private void bootLater(SimServer victim) {
        sim.after((long) (sim.random.nextDouble() * 2 * Simulation.SECOND), () -> {
            if (!victim.isUp()) victim.boot();
        });
    }

    /** Restarts it, and crashes it again amid its synchronization. */
    private void crashInSync(SimServer victim) {
        int kind = sim.random.nextInt(3);
        victim.crashesAt = effect -> switch (effect) {
            case Effect.InstallSnapshot _, Effect.Truncate _ -> kind == 0;
            case Effect.SaveCurrentEpoch _ -> kind == 1;
            case Effect.SaveAcceptedEpoch _ -> kind == 2;
            case Effect.Append _, Effect.SaveMembers _ -> false;
        };
        crash(victim);
        sim.after(3 * Simulation.SECOND, () -> {
            if (!victim.isUp()) victim.boot();
        });
    }

    /** Not a fault, unless something else goes wrong meanwhile. */
    private void handOver(SimServer leader) {
        if (leader.handOver().isEmpty()) sim.trace("server " + leader.sid + " hands over");
    }

    private void snapshot(SimServer victim) {
        if (!victim.isServing()) return;
        try {
            victim.disk.snapshot(victim.replica().committed());
        } catch (IOException e) {
            sim.trace("no snapshot of " + victim.sid + ": " + e.getMessage());
        }
    }

    private void cut(long a, long b) {
        if (a == b) return;
        sim.trace("cut between " + a + " and " + b);
        sim.network.cut(a, b, sim.random.nextBoolean());
        healLater(a, b);
    }

    private void cutOneWay(long from, long to) {
        if (from == to) return;
        sim.trace("cut from " + from + " to " + to);
        sim.network.cutOneWay(from, to);
        healLater(from, to);
    }

    private void healLater(long a, long b) {
        sim.after((long) (sim.random.nextDouble() * 4 * Simulation.SECOND), () -> sim.network.heal(a, b));
    }

    private void isolate(long sid) {
        for (SimServer other : sim.servers) cut(sid, other.sid);
    }

    private void pause(SimServer victim, int secondsMax) {
        if (!victim.isUp()) return;
        sim.trace("pause of " + victim.sid);
        victim.pause((long) (sim.random.nextDouble() * secondsMax * Simulation.SECOND));
    }

    /** Ends all harm: links heal and every server comes up. */
    void stop() {
        on = false;
        sim.isHealed = true;
        sim.trace("no more faults");
        sim.network.healAll();
        sim.stallDisks(0);
        sim.servers.forEach(s -> s.resume(0));
        sim.servers.forEach(s -> s.crashesAt = effect -> false);
        sim.servers.stream().filter(s -> !s.isUp()).forEach(SimServer::boot);
    }
}
