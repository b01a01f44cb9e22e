package dev.paddock.node.zab;

import dev.paddock.wire.Id;
import dev.paddock.wire.QuorumPacket;
import java.util.List;

/**
 * What servers say in pings of the room on their disks, as identities, which Apache's servers do not look at there. An
 * Apache follower sends back what it was sent, so the two words differ.
 */
public final class DiskRoom {
    private static final String SCHEME = "paddock";

    /** From a follower: its disk has no room for more. */
    public static final List<Id> SHORT = List.of(new Id(SCHEME, "short-of-room"));

    /** From a leader: it takes no changes, since no quorum has room for them. */
    static final List<Id> REFUSES = List.of(new Id(SCHEME, "refuses-changes"));

    private DiskRoom() {}

    static boolean isShort(QuorumPacket ping) {
        return SHORT.equals(ping.authinfo());
    }

    /** Whether a leader says that it takes no changes. */
    public static boolean refuses(QuorumPacket ping) {
        return REFUSES.equals(ping.authinfo());
    }
}
