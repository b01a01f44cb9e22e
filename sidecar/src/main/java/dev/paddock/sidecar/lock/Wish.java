package dev.paddock.sidecar.lock;

import java.time.Duration;
import java.util.Optional;

/**
 * What a caller wants of a lock.
 *
 * @param handedOut whether the caller gets the lease's id and renews or releases by it; a {@code hold} stream does not
 */
record Wish(String holder, LockMode mode, Optional<Duration> ttl, boolean handedOut) {}
