package dev.paddock.node.sim;

/** Does harm at random while it is on: crashes, cuts, pauses, snapshots that drop the log. */
final class Faults {
    private final Simulation sim;
    private boolean on = true;
    int crashes;
    int cuts;
    int pauses;

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
        switch (sim.random.nextInt(8)) {
            case 0, 1 -> crash(victim);
            case 2, 3 -> cut(victim.sid, sim.anySid());
            case 4 -> isolate(victim.sid);
            case 5 -> pause(victim);
            case 6 -> {
                if (victim.isServing()) victim.disk.snapshot(victim.replica().committed());
            }
            default -> crash(sim.hasEstablishedLeader() ? sim.leader() : victim);
        }
    }

    private void crash(SimServer victim) {
        if (!victim.isUp()) return;
        crashes++;
        sim.trace("crash of " + victim.sid);
        victim.crash();
        sim.after((long) (sim.random.nextDouble() * 2 * Simulation.SECOND), () -> {
            if (!victim.isUp()) victim.boot();
        });
    }

    private void cut(long a, long b) {
        if (a == b) return;
        cuts++;
        sim.trace("cut between " + a + " and " + b);
        sim.network.cut(a, b, sim.random.nextBoolean());
        sim.after((long) (sim.random.nextDouble() * 4 * Simulation.SECOND), () -> sim.network.heal(a, b));
    }

    private void isolate(long sid) {
        for (SimServer other : sim.servers) cut(sid, other.sid);
    }

    private void pause(SimServer victim) {
        if (!victim.isUp()) return;
        pauses++;
        sim.trace("pause of " + victim.sid);
        victim.pausedUntilNanos = sim.nowNanos + (long) (sim.random.nextDouble() * 3 * Simulation.SECOND);
    }

    /** Ends all harm: links heal and every server comes up. */
    void stop() {
        on = false;
        sim.network.healAll();
        sim.servers.forEach(s -> s.pausedUntilNanos = 0);
        sim.servers.stream().filter(s -> !s.isUp()).forEach(SimServer::boot);
    }
}
