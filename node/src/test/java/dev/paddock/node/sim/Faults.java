package dev.paddock.node.sim;

import dev.paddock.node.zab.Effect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Does the harm of a plan, each fault at its time and from dice of its own, and tells in words what it did. */
final class Faults {
    private static final String NOTHING = "";

    private final Simulation sim;
    private final Troubles troubles;
    private final Damages damages;
    private final Optional<MemberChanges> members; // where they change
    private final Set<Integer> struck = new TreeSet<>();
    private final List<String> told = new ArrayList<>();
    private boolean on = true;

    Faults(Simulation sim, FaultPlan plan) {
        this.sim = sim;
        this.troubles = new Troubles(sim);
        this.damages = new Damages(sim);
        this.members = sim.changeable ? Optional.of(new MemberChanges(sim)) : Optional.empty();
        damages.start();
        long start = sim.nowNanos;
        for (Fault fault : plan.faults()) sim.at(start + fault.atNanos(), () -> strike(fault));
    }

    /** The numbers of those that found what they strike; the others changed nothing. */
    Set<Integer> struck() {
        return struck;
    }

    /** The same in words, one line each. */
    List<String> told() {
        return told;
    }

    private void strike(Fault fault) {
        if (!on) return;
        String what = struckBy(fault);
        if (what.equals(NOTHING)) return;
        struck.add(fault.number());
        told.add(String.format("%8.3f s, fault %d: %s", sim.nowNanos / 1e9, fault.number(), what));
        if (fault.kind() != Fault.Kind.FILE_IS_OLD) sim.tally.count("faults: " + fault.kind().words);
        sim.trace("fault " + fault.number() + ": " + what);
    }

    /** Strikes, and says what that was. */
    private String struckBy(Fault fault) {
        SplittableRandom dice = new SplittableRandom(fault.dice());
        SimServer victim = any(dice);
        SimServer leader = sim.hasEstablishedLeader() ? sim.leader() : victim;
        long nanos = dice.nextLong(Simulation.SECOND);
        return switch (fault.kind()) {
            case CRASH -> crash(victim, 2 * nanos);
            case CRASH_OF_THE_LEADER -> crash(leader, 2 * nanos);
            case CRASH_IN_SYNCHRONIZATION -> crashInSync(victim, 2 * nanos, dice.nextInt(3));
            case CRASH_IN_SNAPSHOT -> crashInSnapshot(victim, 2 * nanos, dice);
            case CRASH_IN_START -> crashInStart(victim, 2 * nanos, dice);
            case CRASH_IN_CUT -> crashInCut(leader, nanos, dice);
            case CRASH_OF_ALL -> troubles.crashAll(dice);
            case STORM -> troubles.storm(dice);
            case CUT -> cut(victim.sid, any(dice).sid, dice.nextBoolean(), 4 * nanos);
            case CUT_ONE_WAY -> cutOneWay(victim.sid, any(dice).sid, 4 * nanos);
            case ISOLATION -> isolate(victim.sid, dice);
            case CLOG -> troubles.clog(victim.sid, any(dice).sid, nanos);
            case PAUSE -> pause(victim, 3 * nanos);
            case PAUSE_OF_THE_LEADER -> pause(leader, 5 * nanos); // longer than the others wait
            case STALL -> stall(nanos);
            case SNAPSHOT -> snapshot(victim);
            case HAND_OVER -> handOver(leader);
            case ROT -> rot(victim, 2 * nanos, 1 + dice.nextInt(20));
            case DISK_HANGS -> troubles.hang(victim, nanos);
            case DISK_FAILS -> troubles.fail(victim, nanos / 2, dice);
            case DISK_IS_FULL -> troubles.fill(victim, 2 * nanos, dice);
            case DISKS_ARE_FULL -> troubles.fillMost(3 * nanos, dice);
            case SECTOR_IS_UNREADABLE -> damages.spoil(victim, dice);
            case BIT_FLIPS -> damages.flip(victim, dice);
            case WRITE_GOES_ELSEWHERE -> damages.misdirect(victim, dice);
            case FILE_IS_LOST -> damages.lose(victim, dice);
            case FILES_ARE_SWAPPED -> damages.swap(victim, dice);
            case FILE_IS_CUT -> damages.cut(victim, dice);
            case FILE_IS_OLD -> damages.putBack(victim, 3 * nanos, dice);
            case READ_FAILS -> damages.misread(victim, dice, true);
            case READ_LIES -> damages.misread(victim, dice, false);
            case CLOCK_IS_SET -> troubles.setClock(victim, dice);
            case CLOCK_DRIFTS -> troubles.drift(victim, dice);
            case MEMBERS -> members.map(it -> it.change(dice)).orElse(NOTHING);
        };
    }

    private SimServer any(SplittableRandom dice) {
        return sim.servers.get(dice.nextInt(sim.servers.size()));
    }

    private static String name(SimServer server) {
        return "server " + server.sid + (server.isUp() && server.isLeading() ? ", which leads," : "");
    }

    static String millis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }

    private String crash(SimServer victim, long downNanos) {
        if (!victim.isUp()) return NOTHING;
        String what = name(victim) + " crashes and starts " + millis(downNanos) + " later";
        victim.crash();
        bootLater(victim, downNanos);
        return what;
    }

    /** What one disk lost is no harm as long as the others have it. */
    private String rot(SimServer victim, long downNanos, int records) {
        if (!victim.isUp() || !damages.isHarmless() || victim.disk instanceof StoredDisk)
            return NOTHING; // for which there are Damages
        String what = name(victim) + " crashes, up to " + records + " of its newest records rot, and it starts "
                + millis(downNanos) + " later";
        victim.crash();
        victim.disk.rot(records);
        bootLater(victim, downNanos);
        return what;
    }

    private void bootLater(SimServer victim, long nanos) {
        sim.after(nanos, () -> {
            if (!victim.isUp()) victim.boot();
        });
    }

    /** Restarts it, and crashes it again amid its synchronization. */
    private String crashInSync(SimServer victim, long downNanos, int step) {
        victim.crashesAt = effect -> switch (effect) {
            case Effect.InstallSnapshot _, Effect.Truncate _ -> step == 0;
            case Effect.SaveCurrentEpoch _ -> step == 1;
            case Effect.SaveAcceptedEpoch _ -> step == 2;
            case Effect.Append _, Effect.SaveMembers _ -> false;
        };
        String what = crash(victim, downNanos);
        bootLater(victim, 3 * Simulation.SECOND);
        String[] steps = {"installs a snapshot or cuts its log", "saves the current epoch", "saves the accepted epoch"};
        String at = "crashes when it " + steps[step] + " next, and starts 3 s from now at the latest";
        return what.equals(NOTHING) ? "server " + victim.sid + " " + at : what + ", and it " + at;
    }

    /** Crashes it while it takes a snapshot or purges what that makes needless. */
    private String crashInSnapshot(SimServer victim, long downNanos, SplittableRandom dice) {
        if (!victim.isServing() || !(victim.disk instanceof StoredDisk disk)) return NOTHING;
        disk.crashInSnapshot(dice);
        return snapshot(victim) + "; " + crash(victim, downNanos);
    }

    /** Crashes it, and once more amid the start that follows. */
    private String crashInStart(SimServer victim, long downNanos, SplittableRandom dice) {
        if (!(victim.disk instanceof StoredDisk disk)) return NOTHING;
        String what = crash(victim, downNanos);
        if (what.equals(NOTHING)) return NOTHING;
        disk.crashInStart(dice);
        return what + ", and crashes amid that start";
    }

    /** Nobody hears of a leader, and what it proposes is to be cut when it is back: it crashes amid that. */
    private String crashInCut(SimServer leader, long nanos, SplittableRandom dice) {
        if (!leader.isServing() || !(leader.disk instanceof StoredDisk disk)) return NOTHING;
        disk.crashInCut(dice);
        long aloneNanos = SimServer.SILENCE_NANOS + nanos;
        for (SimServer other : sim.servers) cut(leader.sid, other.sid, false, aloneNanos);
        return name(leader) + " is alone for " + millis(aloneNanos) + ", and crashes amid the next cut of its log";
    }

    /** Not a fault, unless something else goes wrong meanwhile. */
    private String handOver(SimServer leader) {
        if (sim.network.apacheAlike.contains(leader.sid)) return NOTHING; // Apache's cannot
        String what = name(leader) + " hands over";
        return leader.handOver().isEmpty() ? what : NOTHING;
    }

    private String snapshot(SimServer victim) {
        if (!victim.isServing()) return NOTHING;
        try {
            victim.disk.snapshot(victim.replica().committed());
            return name(victim) + " takes a snapshot";
        } catch (IOException e) {
            return name(victim) + " takes no snapshot: " + e.getMessage();
        }
    }

    private String cut(long a, long b, boolean breaking, long nanos) {
        if (a == b) return NOTHING;
        sim.network.cut(a, b, breaking);
        sim.after(nanos, () -> sim.network.heal(a, b));
        return "servers " + a + " and " + b + " are cut off from each other for " + millis(nanos)
                + (breaking ? ", and their links break" : "");
    }

    private String cutOneWay(long from, long to, long nanos) {
        if (from == to) return NOTHING;
        sim.network.cutOneWay(from, to);
        sim.after(nanos, () -> sim.network.heal(from, to));
        return "nothing comes from " + from + " to " + to + " for " + millis(nanos);
    }

    private String isolate(long sid, SplittableRandom dice) {
        List<String> all = new ArrayList<>();
        for (SimServer other : sim.servers) {
            all.add(cut(sid, other.sid, dice.nextBoolean(), dice.nextLong(4 * Simulation.SECOND)));
        }
        all.remove(NOTHING);
        return String.join("; ", all);
    }

    private String pause(SimServer victim, long nanos) {
        if (!victim.isUp()) return NOTHING;
        victim.pause(nanos);
        return name(victim) + " pauses for " + millis(nanos);
    }

    private String stall(long nanos) {
        sim.stallDisks(nanos);
        return "all disks answer nothing for " + millis(nanos);
    }

    /** Ends all harm: links heal and every server comes up. */
    void stop() {
        on = false;
        sim.isHealed = true;
        sim.trace("no more faults");
        troubles.stop();
        sim.network.healAll();
        sim.stallDisks(0);
        sim.servers.forEach(s -> s.resume(0));
        sim.servers.forEach(s -> s.crashesAt = effect -> false);
        damages.stop();
        sim.servers.stream().filter(s -> !s.isUp()).forEach(SimServer::boot);
    }
}
