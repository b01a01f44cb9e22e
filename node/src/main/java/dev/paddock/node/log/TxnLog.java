package dev.paddock.node.log;

import java.io.Closeable;
import java.io.IOException;

/**
 * The history of this server: records in ascending order of zxid. Owned by the log thread, but for {@link #read}.
 *
 * <p>After any {@link LogFailedException} every further call throws it too: what the disk holds is unknown from then on.
 */
public interface TxnLog extends Closeable {
    /** The zxid of the record appended last, or of the state this log starts from. */
    long lastZxid();

    /**
     * Adds a record. It may be lost until {@link #force} has returned.
     *
     * @param payload kept until forced, so not to be changed
     * @param zxid    above {@link #lastZxid}
     */
    void append(byte[] payload, long zxid) throws LogFailedException;

    /** Returns when all records appended so far would survive a crash. Only then may any of them be acknowledged. */
    void force() throws LogFailedException;

    /** Forces, and lets the next record start a new file; done beside each snapshot, so that purging finds borders. */
    void roll() throws LogFailedException;

    /**
     * Removes all records after a zxid, durably, newest first: after a crash midway the log is what it was up to some
     * record at or after that zxid.
     *
     * @return the zxid of the last record left, 0 if there is none; less than asked for means that the log never had
     *     it, and {@link #lastZxid} is then what was asked for, as after loading a snapshot of it
     */
    long truncate(long zxid) throws LogFailedException, DamagedLogException;

    /** Removes all records, durably, newest first. The next one comes after a zxid that a snapshot holds. */
    void restartAfter(long zxid) throws LogFailedException;

    /**
     * Reads records of two zxids and what is between them. Any thread may call it, and read while the log thread goes
     * on, as long as {@code toZxid} is forced.
     */
    LogReader read(long fromZxid, long toZxid) throws IOException;
}
