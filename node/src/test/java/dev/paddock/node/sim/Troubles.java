package dev.paddock.node.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The harm of {@link Faults} on the production storage: disks that fail or hang alone, clocks, slow links, storms. */
final class Troubles {
    private static final String[] STEPS = {"create", "rename", "delete", "forceFolder", "write", "truncate", "force"};
    static final double DRIFT_MAX = 0.01; // of any clock; a bad one of a real machine has less
    private static final int SHARES = 8; // of the room on a disk that fills up slowly
    private static final int ROUNDS_MIN = 3;
    private static final int ROUNDS_MAX = 10;
    private static final long ROUND_NANOS_MIN = 200_000_000;
    private static final long HOUR_MILLIS = 3_600_000;

    private final Simulation sim;

    Troubles(Simulation sim) {
        this.sim = sim;
    }

    String crashAll(SplittableRandom dice) {
        for (SimServer server : sim.servers) {
            server.crash();
            sim.after(dice.nextLong(Simulation.SECOND), () -> {
                if (!server.isUp()) server.boot();
            });
        }
        return "all servers crash and start within a second";
    }

    /** Some servers, or all, crash and start again and again, as where something looks after them that is too eager. */
    String storm(SplittableRandom dice) {
        List<SimServer> struck =
                sim.servers.stream().filter(_ -> dice.nextInt(4) > 0).toList();
        if (struck.isEmpty()) return "";
        int rounds = dice.nextInt(ROUNDS_MIN, ROUNDS_MAX + 1);
        round(struck, rounds, dice);
        List<Long> sids = struck.stream().map(server -> server.sid).toList();
        return "servers " + sids + " crash and start " + rounds + " times, each time within a second";
    }

    private void round(List<SimServer> struck, int left, SplittableRandom dice) {
        if (left == 0 || sim.isHealed) return;
        sim.tally.count("rounds of storms of restarts");
        for (SimServer server : struck) {
            server.crash();
            sim.after(dice.nextLong(Simulation.SECOND), () -> {
                if (!server.isUp()) server.boot();
            });
        }
        sim.after(ROUND_NANOS_MIN + dice.nextLong(Simulation.SECOND), () -> round(struck, left - 1, dice));
    }

    String hang(SimServer victim, long nanos) {
        victim.holdDisk();
        sim.after(nanos, victim::releaseDisk);
        return "the disk of " + victim.sid + " hangs for " + Faults.millis(nanos);
    }

    String setClock(SimServer victim, SplittableRandom dice) {
        victim.clock.wallOffsetMillis = (long) (dice.nextGaussian() * HOUR_MILLIS);
        return "the clock of " + victim.sid + " is set to be off by " + victim.clock.wallOffsetMillis + " ms";
    }

    String drift(SimServer victim, SplittableRandom dice) {
        double times = dice.nextDouble(1 - DRIFT_MAX, 1 + DRIFT_MAX);
        victim.clock.goes(times);
        return String.format("the clock of %d goes %.4f times as fast", victim.sid, times);
    }

    String clog(long from, long to, long nanos) {
        if (from == to) return "";
        sim.network.clog(from, to, nanos / 4);
        sim.after(nanos, () -> sim.network.clog(from, to, 0));
        return "what " + from + " sends to " + to + " takes " + Faults.millis(nanos / 4) + " longer for "
                + Faults.millis(nanos);
    }

    /** What still fits is written; then there is no room until somebody makes some. */
    String fill(SimServer victim, long nanos, SplittableRandom dice) {
        if (!(victim.disk instanceof StoredDisk disk)) return "";
        int room = dice.nextInt(disk.roomBytesMax());
        leave(disk, room);
        sim.after(nanos, disk::makeRoom);
        if (disk.isWatched()) for (int i = 1; i < SHARES && dice.nextBoolean(); i++) fillMore(disk, room, i, nanos);
        return "the disk of " + victim.sid + " has room for " + room + " bytes for " + Faults.millis(nanos);
    }

    private static void leave(StoredDisk disk, long room) {
        disk.folder.capacity(disk.folder.size() + room);
    }

    /** Somebody else takes another share of the room that there was. */
    private void fillMore(StoredDisk disk, int room, int share, long nanos) {
        sim.after(nanos * share / SHARES / 2, () -> {
            if (!sim.isHealed) leave(disk, room - (long) room * share / SHARES);
        });
    }

    /** Those of most servers, as on volumes of one kind. */
    String fillMost(long nanos, SplittableRandom dice) {
        List<String> filled = new ArrayList<>();
        for (SimServer server : sim.servers) if (dice.nextInt(3) > 0) filled.add(fill(server, nanos, dice));
        return String.join("; ", filled);
    }

    /** A write or a force fails. */
    String fail(SimServer victim, long nanos, SplittableRandom dice) {
        if (!(victim.disk instanceof StoredDisk disk)) return "";
        String step = STEPS[dice.nextInt(STEPS.length)];
        disk.folder.failing(step);
        sim.after(nanos, () -> disk.folder.failing(""));
        return "each " + step + " of " + victim.sid + " fails for " + Faults.millis(nanos);
    }

    /** Ends all harm. */
    void stop() {
        sim.network.unclogAll();
        for (SimServer server : sim.servers) {
            server.releaseDisk();
            if (!(server.disk instanceof StoredDisk disk)) continue;
            disk.goWell();
            disk.folder.failing("");
            disk.makeRoom();
        }
    }
}
