/** {@code paddock lock}: a command under a lock, through the sidecar's API. Blocking code; the thread of the command owns all of it. */
@NullMarked
package dev.paddock.cli.lock;

import org.jspecify.annotations.NullMarked;
