package dev.paddock.e2e.histories;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.apache.zookeeper.KeeperException;

/** How an operation ended. */
enum Result {
    OK,
    /** There is no such znode. */
    NONE,
    /** There is one already. */
    EXISTS,
    /** It has another version. */
    VERSION,
    /** The disks are full: nothing happened. */
    FULL,
    /** Nobody knows whether it happened, or ever will. */
    OPEN;

    /**
     * How an operation that failed has ended.
     *
     * @throws IllegalStateException if that is nothing that a server may answer here, whatever befell it
     */
    static Result of(KeeperException refusal) {
        return switch (refusal.code()) {
            case NONODE -> NONE;
            case NODEEXISTS -> EXISTS;
            case BADVERSION -> VERSION;
            case SYSTEMERROR -> FULL;
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT -> OPEN;
            default -> throw new IllegalStateException("not an answer to this", refusal);
        };
    }

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
