package dev.paddock.node.sim;

import static dev.paddock.node.sim.Fault.Kind.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All harm that a seed does, drawn before the run and from other dice, so that any part of it can be done without the rest.
 *
 * @param faults in the order of time
 */
record FaultPlan(List<Fault> faults) {
    private static final long SPAN_NANOS = 10 * Simulation.SECOND;
    private static final long OTHER_DICE = 0x5eed_0f_fa17L; // than those of the run

    // as often as it stands here

    private static final Fault.Kind[] ALWAYS = {
        CRASH,
        CRASH,
        CRASH_OF_THE_LEADER,
        CRASH_OF_THE_LEADER,
        CRASH_IN_SYNCHRONIZATION,
        CRASH_IN_SYNCHRONIZATION,
        CRASH_IN_SNAPSHOT,
        CRASH_IN_SNAPSHOT,
        CRASH_IN_START,
        CUT,
        CUT,
        CUT_ONE_WAY,
        ISOLATION,
        PAUSE,
        PAUSE_OF_THE_LEADER,
        STALL,
        SNAPSHOT,
        SNAPSHOT,
        SNAPSHOT,
        HAND_OVER,
        ROT
    };

    private static final Fault.Kind[] TROUBLES = {
        CRASH_OF_ALL,
        DISK_HANGS,
        DISK_HANGS,
        DISK_FAILS,
        DISK_IS_FULL,
        CLOCK_IS_SET,
        CLOCK_IS_SET,
        CLOCK_DRIFTS,
        CLOCK_DRIFTS,
        CLOG,
        CLOG
    };

    private static final Fault.Kind[] OF_FILES = {
        CRASH_OF_ALL,
        DISK_HANGS,
        DISK_HANGS,
        DISK_FAILS,
        DISK_FAILS,
        DISK_FAILS,
        DISK_IS_FULL,
        DISK_IS_FULL,
        SECTOR_IS_UNREADABLE,
        SECTOR_IS_UNREADABLE,
        BIT_FLIPS,
        BIT_FLIPS,
        BIT_FLIPS,
        WRITE_GOES_ELSEWHERE,
        WRITE_GOES_ELSEWHERE,
        FILE_IS_LOST,
        FILES_ARE_SWAPPED,
        FILE_IS_CUT,
        FILE_IS_CUT,
        FILE_IS_OLD,
        FILE_IS_OLD,
        READ_FAILS,
        READ_LIES,
        READ_LIES,
        CLOCK_IS_SET,
        CLOCK_IS_SET,
        CLOCK_DRIFTS,
        CLOCK_DRIFTS,
        CLOG,
        CLOG
    };

    private static final Fault.Kind[] AT_REST = {
        SECTOR_IS_UNREADABLE,
        SECTOR_IS_UNREADABLE,
        BIT_FLIPS,
        BIT_FLIPS,
        WRITE_GOES_ELSEWHERE,
        FILE_IS_LOST,
        FILE_IS_LOST,
        FILES_ARE_SWAPPED,
        FILES_ARE_SWAPPED,
        FILE_IS_CUT,
        FILE_IS_CUT,
        FILE_IS_OLD,
        FILE_IS_OLD,
        FILE_IS_OLD,
        READ_FAILS,
        READ_LIES
    };

    private static final Fault.Kind[] OF_ROOM = {DISK_IS_FULL, DISKS_ARE_FULL};

    /** Besides, servers restart in storms, and disks that are watched fill up. */
    FaultPlan harder(long seed, boolean isWatched) {
        SplittableRandom dice = new SplittableRandom(~seed ^ OTHER_DICE);
        List<Fault> more = new ArrayList<>(faults);
        draw(dice, new Fault.Kind[] {STORM}, 2 * SPAN_NANOS, more);
        if (isWatched) draw(dice, OF_ROOM, 3_000_000_000L, more);
        return sorted(more);
    }

    /** Besides, files are damaged again and again, and leaders that were left alone crash when they cut their logs. */
    FaultPlan denser(long seed) {
        SplittableRandom dice = new SplittableRandom(Long.reverse(seed) ^ OTHER_DICE);
        List<Fault> more = new ArrayList<>(faults);
        draw(dice, AT_REST, 600_000_000L, more);
        draw(dice, new Fault.Kind[] {CRASH_IN_CUT}, SPAN_NANOS, more);
        return sorted(more);
    }

    /** The plan of a seed whose files are damaged or not, and whose members change or do not. */
    static FaultPlan of(long seed, boolean isDamaged, boolean membersChange) {
        SplittableRandom dice = new SplittableRandom(seed ^ OTHER_DICE);
        List<Fault> faults = new ArrayList<>();
        draw(dice, ALWAYS, 600_000_000L, faults);
        if (isDamaged) draw(dice, OF_FILES, 800_000_000L, faults);
        else draw(dice, TROUBLES, 3_000_000_000L, faults);
        if (membersChange) draw(dice, new Fault.Kind[] {MEMBERS}, 500_000_000L, faults);
        return sorted(faults);
    }

    private static FaultPlan sorted(List<Fault> faults) {
        faults.sort(Comparator.comparingLong(Fault::atNanos));
        return new FaultPlan(faults);
    }

    private static void draw(SplittableRandom dice, Fault.Kind[] kinds, long gapMax, List<Fault> faults) {
        for (long at = dice.nextLong(gapMax); at < SPAN_NANOS; at += dice.nextLong(gapMax)) {
            faults.add(new Fault(faults.size(), at, kinds[dice.nextInt(kinds.length)], dice.nextLong()));
        }
    }

    /** Only these of them. */
    FaultPlan only(Set<Integer> numbers) {
        return new FaultPlan(faults.stream()
                .filter(fault -> numbers.contains(fault.number()))
                .toList());
    }

    /** The numbers that {@code -Dfaults=} chooses, if it is there. */
    static Optional<Set<Integer>> chosen() {
        return Optional.ofNullable(System.getProperty("faults")).map(FaultPlan::numbers);
    }

    static Set<Integer> numbers(String listed) {
        return Arrays.stream(listed.split(","))
                .filter(number -> !number.isBlank())
                .map(number -> Integer.valueOf(number.strip()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String listed(Set<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
