/**
 * The HTTP edge: Netty's codec carries bytes, {@link dev.paddock.sidecar.http.Connection} turns them into
 * {@link dev.paddock.sidecar.http.Request} values, and each request runs as a blocking call on a virtual thread of its own, which
 * is interrupted when the client goes away. {@link dev.paddock.sidecar.http.Target}, {@link dev.paddock.sidecar.http.Guard} and
 * {@link dev.paddock.sidecar.http.Durations} are pure. Knows nothing of locks, config or services.
 */
@NullMarked
package dev.paddock.sidecar.http;

import org.jspecify.annotations.NullMarked;
