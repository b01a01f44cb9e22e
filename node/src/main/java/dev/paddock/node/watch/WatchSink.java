package dev.paddock.node.watch;

import dev.paddock.wire.Acl;
import java.util.List;

/** Takes the events that watches bring. It must not call the table that calls it. */
public interface WatchSink {
    /**
     * Takes one event.
     *
     * @param connection whose watch fired
     * @param type       of {@code WatcherEvent}: 1 created, 2 deleted, 3 data changed, 4 children changed
     * @param acl        of the znode: a client that may not read it is not told, though its watch is spent
     */
    void event(long connection, int type, String path, List<Acl> acl);
}
