package dev.paddock.node.log;

/**
 * What was before a log file when its first record came.
 *
 * @param number   one more than that of the seam written before it; 0 before it is written
 * @param first    zxid of the first record behind it
 * @param firstSum checksum of that record
 * @param before   the file before it, up to where history went; its {@code last} is 0 where nothing was before. A start that
 *                 notes it later knows only how far history went at least
 */
public record Seam(long number, long first, long firstSum, Stretch before) {}
