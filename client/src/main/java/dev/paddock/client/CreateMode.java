package dev.paddock.client;

/** How long a new znode lives, and whether the server numbers it. */
public enum CreateMode {
    PERSISTENT(0),
    /** Lives as long as the session; may have no children. */
    EPHEMERAL(1),
    /** The server appends ten digits that grow with every child of the parent. */
    PERSISTENT_SEQUENTIAL(2),
    EPHEMERAL_SEQUENTIAL(3),
    /** The server deletes it some time after its last child is gone. */
    CONTAINER(4);

    private final int flags;

    CreateMode(int flags) {
        this.flags = flags;
    }

    /** {@code CreateRequest.flags}. */
    int flags() {
        return flags;
    }

    boolean isSequential() {
        return this == PERSISTENT_SEQUENTIAL || this == EPHEMERAL_SEQUENTIAL;
    }
}
