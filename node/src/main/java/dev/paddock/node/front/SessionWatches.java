package dev.paddock.node.front;

import java.util.List;

/**
 * What one session watches, as the four letter words {@code wchc} and {@code wchp} list it: Apache ZooKeeper's table of
 * data watches.
 *
 * @param paths in UTF-8, unsorted; the bytes are not to be changed
 */
public record SessionWatches(long sessionId, List<byte[]> paths) {}
