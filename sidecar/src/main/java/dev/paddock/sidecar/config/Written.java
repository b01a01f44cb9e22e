package dev.paddock.sidecar.config;

/** What came of a write. */
sealed interface Written {
    /** Stored; {@code status} says whether it was created. */
    record Stored(int status, long mzxid) implements Written {}

    /** Deleted. */
    record Deleted() implements Written {}

    /** The condition does not hold. */
    record Conflict(String detail) implements Written {}

    /** There is nothing to delete. */
    record Missing() implements Written {}

    /** It cannot be deleted before its children. */
    record HasChildren() implements Written {}

    /** The connection was lost before the answer; it may have been done. */
    record Unknown() implements Written {}

    /** The ensemble refused it. */
    record Denied(String detail) implements Written {}
}
