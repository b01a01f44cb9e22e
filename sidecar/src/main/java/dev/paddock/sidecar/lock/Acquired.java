package dev.paddock.sidecar.lock;

/** What came of wanting a lock. */
sealed interface Acquired {
    /** It is held. */
    record Granted(Lease lease) implements Acquired {}

    /** Others held it until the end of the wait. */
    record Busy(LockState state) implements Acquired {}
}
