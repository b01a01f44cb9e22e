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
        CRASH_OF_ALL("crashes of all servers"),
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
        DISK_FAILS("disks that fail or are full"),
        CLOCK_IS_SET("clocks that are set");

        /** In the plural. */
        final String words;

        Kind(String words) {
            this.words = words;
        }
    }
}
