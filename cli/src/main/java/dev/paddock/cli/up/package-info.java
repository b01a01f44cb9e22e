/**
 * {@code paddock up}: an ensemble and a sidecar as processes on this machine. One thread, that of the command, owns all of it;
 * it is interrupted when the command is to stop. {@link dev.paddock.cli.up.Up} tells the course, the other classes know one
 * thing each: ports, the state folder, a server's files, a process.
 */
@NullMarked
package dev.paddock.cli.up;

import org.jspecify.annotations.NullMarked;
