/**
 * Apache ZooKeeper and Paddock side by side: the same random streams of requests go to both as bytes, and what comes back
 * is compared byte for byte, but for times and for what no two servers can have alike (session ids, the start of the zxids).
 *
 * <p>{@code -Dseed=N} replays one stream; a stream that shows a difference is made as short as it can be before it is shown.
 */
@NullMarked
package dev.paddock.e2e.differential;

import org.jspecify.annotations.NullMarked;
