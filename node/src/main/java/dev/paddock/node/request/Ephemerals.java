package dev.paddock.node.request;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.WireException;

/** Tells which requests need a global session. */
public final class Ephemerals {
    private static final int EPHEMERAL_FLAG = 1;
    private static final int EPHEMERAL_SEQUENTIAL_FLAG = 3;

    private Ephemerals() {}

    /** Whether a request creates an ephemeral znode, alone or in a multi. A malformed one does not. */
    public static boolean areCreatedBy(int type, byte[] body) {
        if (type != OpCode.CREATE && type != OpCode.CREATE2 && type != OpCode.MULTI) return false;
        try {
            return switch (Request.read(type, new Reader(body))) {
                case Request.WriteOp op -> isEphemeral(op);
                case Request.Multi(var ops) -> ops.stream().anyMatch(Ephemerals::isEphemeral);
                default -> false;
            };
        } catch (WireException e) {
            return false; // and refused as such where it is prepared
        }
    }

    private static boolean isEphemeral(Request.WriteOp op) {
        return switch (op) {
            case Request.Create create -> isEphemeral(create.flags());
            case Request.Create2 create -> isEphemeral(create.flags());
            default -> false;
        };
    }

    private static boolean isEphemeral(int flags) {
        return flags == EPHEMERAL_FLAG || flags == EPHEMERAL_SEQUENTIAL_FLAG;
    }
}
