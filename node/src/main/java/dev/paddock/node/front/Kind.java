package dev.paddock.node.front;

import dev.paddock.wire.Extensions;
import dev.paddock.wire.OpCode;

/** What becomes of a client's request. */
enum Kind {
    /** Answered from the loop's own view. */
    READ,
    /** Asked of the core, becomes a transaction. */
    WRITE,
    /** Asked of the core, becomes none. */
    SYNC,
    /** Asked of the core, and the last of its session. */
    CLOSE_SESSION,
    /** Answered at once and out of order. */
    AUTH,
    /** One step of a SASL exchange; likewise. */
    SASL,
    /** Unknown to us, or not for clients: answered so, and the connection closed. */
    UNKNOWN;

    /** The table of {@code Request.isValid} in Apache ZooKeeper 3.9, and our own. */
    static Kind of(int type) {
        return switch (type) {
            case OpCode.EXISTS,
                    OpCode.GET_DATA,
                    OpCode.GET_ACL,
                    OpCode.GET_CHILDREN,
                    OpCode.GET_CHILDREN2,
                    OpCode.GET_CHILDREN_PAGE,
                    OpCode.PING,
                    OpCode.CHECK_WATCHES,
                    OpCode.REMOVE_WATCHES,
                    OpCode.MULTI_READ,
                    OpCode.SET_WATCHES,
                    OpCode.SET_WATCHES2,
                    OpCode.GET_EPHEMERALS,
                    OpCode.GET_ALL_CHILDREN_NUMBER,
                    OpCode.ADD_WATCH,
                    OpCode.WHO_AM_I -> READ;
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.DELETE_CONTAINER,
                    OpCode.SET_DATA,
                    OpCode.SET_ACL,
                    OpCode.MULTI,
                    OpCode.RECONFIG -> WRITE;
            case OpCode.SYNC -> SYNC;
            case OpCode.CLOSE_SESSION -> CLOSE_SESSION;
            case OpCode.AUTH -> AUTH;
            case OpCode.SASL -> SASL;
            default -> UNKNOWN;
        };
    }

    /** Likewise, of a connection: to one that has not agreed on an extension, what belongs to it is unknown. */
    static Kind of(int type, Connection c) {
        boolean isMissing =
                type == OpCode.GET_CHILDREN_PAGE && !Extensions.has(c.protocolVersion, Extensions.PAGED_CHILDREN);
        return isMissing ? UNKNOWN : of(type);
    }

    /** Whether it becomes a transaction. */
    boolean isUpdate() {
        return this == WRITE || this == CLOSE_SESSION;
    }
}
