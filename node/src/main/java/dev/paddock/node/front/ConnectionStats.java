package dev.paddock.node.front;

import dev.paddock.wire.OpCode;
import java.util.Optional;

/**
 * What the four letter words {@code cons} and {@code stat} show of a connection.
 *
 * @param address         address and port of the client
 * @param isSecure        whether it came by the port that wants TLS
 * @param isReading       whether requests are being taken from it
 * @param sessionId       0 without a session
 * @param lastOperation   as Apache ZooKeeper shortens it, like {@code GETD}; empty before the first
 * @param heardNanos      monotonic time of its coming, or of the last answer if there was one
 * @param lastXid         of the last answered request with an xid of its own; 0 before the first, -1 where it is forgotten
 * @param lastAnswerNanos monotonic time of the last answer
 */
public record ConnectionStats(
        String address,
        boolean isSecure,
        boolean isReading,
        int queued,
        long received,
        long sent,
        long sessionId,
        long heardNanos,
        Optional<String> lastOperation,
        long establishedMillis,
        int timeoutMillis,
        int lastXid,
        long lastZxid,
        long lastAnswerNanos,
        long latencyMillisLast,
        long latencyMillisMin,
        long latencyMillisMean,
        long latencyMillisMax) {

    static ConnectionStats of(Connection c) {
        Traffic t = c.traffic;
        return new ConnectionStats(
                c.link.address(),
                c.link.isSecure(),
                !c.paused,
                c.queue.size(),
                t.received,
                t.sent,
                c.sessionId,
                Math.max(c.acceptedNanos, t.lastAnswerNanos()),
                t.lastType() == Traffic.NO_TYPE ? Optional.empty() : Optional.of(shortName(t.lastType())),
                c.acceptedMillis,
                c.timeoutMillis,
                t.lastXid(),
                t.lastZxid(),
                t.lastAnswerNanos(),
                t.lastLatencyMillis(),
                t.latencyMillisMin(),
                t.answered == 0 ? 0 : t.latencyMillisSum() / t.answered,
                t.latencyMillisMax());
    }

    private static String shortName(int type) {
        return switch (type) {
            case OpCode.PING -> "PING";
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_TTL, OpCode.CREATE_CONTAINER -> "CREA";
            case OpCode.DELETE, OpCode.DELETE_CONTAINER -> "DELE";
            case OpCode.EXISTS -> "EXIS";
            case OpCode.GET_DATA -> "GETD";
            case OpCode.SET_DATA -> "SETD";
            case OpCode.GET_ACL -> "GETA";
            case OpCode.SET_ACL -> "SETA";
            case OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2, OpCode.GET_CHILDREN_PAGE -> "GETC";
            case OpCode.CLOSE_SESSION -> "CLOS";
            case OpCode.SYNC -> "SYNC";
            case OpCode.MULTI -> "MULT";
            case OpCode.MULTI_READ -> "MLTR";
            case OpCode.RECONFIG -> "RECO";
            case OpCode.CHECK_WATCHES -> "CHKW";
            case OpCode.REMOVE_WATCHES -> "REMW";
            case OpCode.SET_WATCHES -> "SETW";
            case OpCode.SET_WATCHES2 -> "STW2";
            case OpCode.ADD_WATCH -> "ADDW";
            case OpCode.GET_EPHEMERALS -> "GETE";
            case OpCode.GET_ALL_CHILDREN_NUMBER -> "GETACN";
            case OpCode.WHO_AM_I -> "HOMI";
            case OpCode.CREATE_SESSION -> "SESS";
            default -> "NA";
        };
    }
}
