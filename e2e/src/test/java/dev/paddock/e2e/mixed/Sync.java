package dev.paddock.e2e.mixed;

/** How a learner is brought up to date, and how it says so in its log. */
enum Sync {
    DIFF("Getting a diff from the leader 0x", " by DIFF\n"),
    SNAP("Getting a snapshot from leader 0x", " by SNAP\n"),
    TRUNC("Truncating log to get in sync with the leader 0x", " by TRUNC\n");

    private final String apaches;
    private final String ours;

    Sync(String apaches, String ours) {
        this.apaches = apaches;
        this.ours = ours;
    }

    /** Whether a server of that kind says this. */
    boolean isSaid(boolean byApache, String log) {
        return log.contains(byApache ? apaches : ours);
    }
}
