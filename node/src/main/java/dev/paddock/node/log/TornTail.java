package dev.paddock.node.log;

/**
 * What a crash left of a write that was never forced, at the end of the newest log file. No record in it was
 * acknowledged by this server.
 *
 * @param file    name of the file
 * @param offset  where the last whole record ends
 * @param bytes   how many bytes stand there
 * @param problem why they are no record
 */
public record TornTail(String file, long offset, long bytes, String problem) {}
