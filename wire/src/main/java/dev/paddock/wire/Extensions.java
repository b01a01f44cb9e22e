package dev.paddock.wire;

/**
 * What our servers can do beyond ZooKeeper, agreed on for each connection in its handshake. The {@code protocolVersion} of a {@link ConnectRequest} carries what
 * the client offers to use, that of the {@link ConnectResponse} what the server knows of it: the upper half is a mark, each bit of the lower half an extension.
 *
 * <p>Servers of Apache ZooKeeper (seen with 3.9.5) do not look at the field and answer 0, so to them the offer is harmless and the answer says that they know
 * none. Clients that offer nothing send 0 and are answered 0, as by Apache.
 */
public final class Extensions {
    /** {@link Request.GetChildrenPage} may be asked. */
    public static final int PAGED_CHILDREN = 1;

    private static final int KNOWN = PAGED_CHILDREN;
    private static final int MARK = 0x5044_0000;
    private static final int MARK_BITS = 0xffff_0000;

    private Extensions() {}

    /** The protocol version of a client that knows all of them. */
    public static int offer() {
        return MARK | KNOWN;
    }

    /** The protocol version to answer with. */
    public static int agreed(int offeredVersion) {
        return isMarked(offeredVersion) ? MARK | (offeredVersion & KNOWN) : 0;
    }

    /** Whether a server that answered with this version knows an extension. */
    public static boolean has(int answeredVersion, int extension) {
        return isMarked(answeredVersion) && (answeredVersion & extension) == extension;
    }

    private static boolean isMarked(int version) {
        return (version & MARK_BITS) == MARK;
    }
}
