package dev.paddock.node.log;

/** Told how far a recovery has come, on the thread that recovers; it may take minutes. */
public interface RecoveryProgress {
    /** Takes how many bytes of a snapshot were read, each quarter of a MiB or so. */
    void reading(String snapshot, long bytes);

    /** Takes how many records of the log were replayed, and the zxid of the last, each some thousand. */
    void replayed(long records, long zxid);
}
