package dev.paddock.node.log;

/**
 * What all bytes of a file come to.
 *
 * @param bytes its length
 * @param crc   CRC32C of them
 */
record FileSum(long bytes, long crc) {}
