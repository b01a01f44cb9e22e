package dev.paddock.node.sim;

/**
 * One harm that is planned.
 *
 * @param number in the plan of its seed, by which it can be chosen
 * @param dice   decides to whom it happens, for how long and so on; no other fault shares it
 */
record Fault(int number, long atNanos, Kind kind, long dice) {
    enum Kind {
        CRASH("crashes"),
        CRASH_OF_THE_LEADER("crashes of the leader"),
        CRASH_IN_SYNCHRONIZATION("crashes amid synchronization"),
        CRASH_IN_SNAPSHOT("crashes amid snapshots and purges"),
        CRASH_IN_START("crashes amid starts"),
        CRASH_IN_CUT("leaders left alone, to crash amid the cut of their logs"),
        CRASH_OF_ALL("crashes of all servers"),
        STORM("storms of restarts"),
        CUT("links cut"),
        CUT_ONE_WAY("links cut in one direction"),
        ISOLATION("servers alone"),
        CLOG("links slow"),
        PAUSE("pauses"),
        PAUSE_OF_THE_LEADER("pauses of the leader"),
        STALL("stalls of all disks"),
        SNAPSHOT("snapshots that drop the log"),
        HAND_OVER("handovers"),
        ROT("ends of logs that rotted"),
        DISK_HANGS("disks that hang"),
        DISK_FAILS("disks that fail"),
        DISK_IS_FULL("disks that are full for a while"),
        DISKS_ARE_FULL("times that most disks are full for a while"),
        SECTOR_IS_UNREADABLE("sectors that cannot be read"),
        BIT_FLIPS("bits that flip at rest"),
        WRITE_GOES_ELSEWHERE("sectors written to another place"),
        FILE_IS_LOST("files that are gone"),
        FILES_ARE_SWAPPED("files that are swapped"),
        FILE_IS_CUT("files that end too early"),
        FILE_IS_OLD("old copies of files that are there instead of the new ones"),
        READ_FAILS("reads that fail once"),
        READ_LIES("reads that give other bytes once"),
        CLOCK_IS_SET("clocks that are set"),
        CLOCK_DRIFTS("clocks that drift"),
        MEMBERS("changes of members asked for");

        /** In the plural. */
        final String words;

        Kind(String words) {
            this.words = words;
        }
    }
}
