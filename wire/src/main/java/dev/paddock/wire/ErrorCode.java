package dev.paddock.wire;

/** Why a request was refused, with the number that goes over the wire: those of {@code KeeperException.Code} in Apache ZooKeeper 3.9. */
public enum ErrorCode {
    OK(0),
    SYSTEM_ERROR(-1),
    RUNTIME_INCONSISTENCY(-2),
    DATA_INCONSISTENCY(-3),
    CONNECTION_LOSS(-4),
    MARSHALLING_ERROR(-5),
    UNIMPLEMENTED(-6),
    OPERATION_TIMEOUT(-7),
    BAD_ARGUMENTS(-8),
    UNKNOWN_SESSION(-12),
    NEW_CONFIG_NO_QUORUM(-13),
    RECONFIG_IN_PROGRESS(-14),
    API_ERROR(-100),
    NO_NODE(-101),
    NO_AUTH(-102),
    BAD_VERSION(-103),
    NO_CHILDREN_FOR_EPHEMERALS(-108),
    NODE_EXISTS(-110),
    NOT_EMPTY(-111),
    SESSION_EXPIRED(-112),
    INVALID_CALLBACK(-113),
    INVALID_ACL(-114),
    AUTH_FAILED(-115),
    SESSION_MOVED(-118),
    NOT_READ_ONLY(-119),
    EPHEMERAL_ON_LOCAL_SESSION(-120),
    NO_WATCHER(-121),
    REQUEST_TIMEOUT(-122),
    RECONFIG_DISABLED(-123),
    SESSION_CLOSED_REQUIRE_SASL_AUTH(-124),
    QUOTA_EXCEEDED(-125),
    THROTTLED_OP(-127);

    private static final int CODE_MIN = -127;
    private static final ErrorCode[] BY_CODE = byCode(); // index: the code without its sign

    private final int code;

    ErrorCode(int code) {
        this.code = code;
    }

    /** The number on the wire, 0 or negative. */
    public int code() {
        return code;
    }

    /**
     * The error with this number.
     *
     * @throws WireException if there is none
     */
    public static ErrorCode of(int code) {
        ErrorCode found = code <= 0 && code >= CODE_MIN ? BY_CODE[-code] : null;
        if (found == null) {
            throw new WireException("err: no such error code: " + code);
        }
        return found;
    }

    private static ErrorCode[] byCode() {
        var table = new ErrorCode[1 - CODE_MIN];
        for (ErrorCode error : values()) {
            table[-error.code] = error;
        }
        return table;
    }
}
