package dev.paddock.node.log;

/**
 * The room on one disk, in bytes.
 *
 * @param usable what this process may still take
 * @param total  the size of the disk
 */
public record Space(long usable, long total) {
    /** Of a disk that does not say how large it is. */
    static final Space UNKNOWN = new Space(Long.MAX_VALUE, Long.MAX_VALUE);
}
