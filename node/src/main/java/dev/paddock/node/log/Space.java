package dev.paddock.node.log;

/**
 * The room on one disk, in bytes.
 *
 * @param usable what this process may still take
 * @param total  the size of the disk
 */
public record Space(long usable, long total) {}
