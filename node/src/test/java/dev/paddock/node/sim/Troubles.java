package dev.paddock.node.sim;

/**
 * More harm at random while it is on, beside {@link Faults}: disks that fail or hang alone, clocks that are set, links that
 * are slow, all servers down at once.
 */
final class Troubles {
    private static final String[] STEPS = {"create", "rename", "delete", "forceFolder", "write", "truncate", "force"};
    private static final long HOUR_MILLIS = 3_600_000;

    private final Simulation sim;
    private boolean on = true;

    Troubles(Simulation sim) {
        this.sim = sim;
        next();
    }

    private void next() {
        sim.after((long) (sim.random.nextDouble() * 1_500_000_000L), () -> {
            if (!on) return;
            strike();
            next();
        });
    }

    private void strike() {
        SimServer victim = sim.server(sim.anySid());
        long nanos = (long) (sim.random.nextDouble() * Simulation.SECOND);
        switch (sim.random.nextInt(10)) {
            case 0 -> storm();
            case 1, 2 -> hang(victim, nanos);
            case 3, 4 -> victim.wallOffsetMillis = (long) (sim.random.nextGaussian() * HOUR_MILLIS);
            case 5, 6 -> clog(victim.sid, sim.anySid(), nanos);
            default -> fail(victim, STEPS[sim.random.nextInt(STEPS.length)], nanos / 2);
        }
    }

    private void storm() {
        sim.trace("all servers crash");
        for (SimServer server : sim.servers) {
            server.crash();
            sim.after((long) (sim.random.nextDouble() * Simulation.SECOND), () -> {
                if (!server.isUp()) server.boot();
            });
        }
    }

    private void hang(SimServer victim, long nanos) {
        sim.trace("the disk of " + victim.sid + " hangs");
        victim.holdDisk();
        sim.after(nanos, victim::releaseDisk);
    }

    private void clog(long from, long to, long nanos) {
        if (from == to) return;
        sim.trace("slow from " + from + " to " + to);
        sim.network.clog(from, to, nanos / 4);
        sim.after(nanos, () -> sim.network.clog(from, to, 0));
    }

    /** A write or a force fails, or there is no space left. */
    private void fail(SimServer victim, String step, long nanos) {
        if (!(victim.disk instanceof StoredDisk disk)) return;
        sim.trace("each " + step + " of " + victim.sid + " fails");
        disk.folder.failing(step);
        sim.after(nanos, () -> disk.folder.failing(""));
    }

    /** Ends all harm. */
    void stop() {
        on = false;
        sim.network.unclogAll();
        for (SimServer server : sim.servers) {
            server.releaseDisk();
            if (server.disk instanceof StoredDisk disk) disk.folder.failing("");
        }
    }
}
