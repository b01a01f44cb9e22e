/**
 * Locks. Pure: {@link dev.paddock.sidecar.lock.LockQueue}, which reads from the names of a lock's children who holds it and who
 * waits for whom. {@link dev.paddock.sidecar.lock.Leases} owns what this sidecar holds and decides when it is lost;
 * {@link dev.paddock.sidecar.lock.Locks} acquires on the caller's virtual thread.
 *
 * <p>Layout: {@code /paddock/locks/NAME/LEASE-x-0000000012}, an ephemeral sequential child for each holder or waiter, with
 * {@code x} for exclusive and {@code s} for shared; its data is {@link dev.paddock.sidecar.lock.LockData}. The lease's id stands
 * in the name, so that a create whose answer was lost is found again.
 */
@NullMarked
package dev.paddock.sidecar.lock;

import org.jspecify.annotations.NullMarked;
