package dev.paddock.client;

import dev.paddock.wire.Stat;

/**
 * A znode that was created.
 *
 * @param path its path, with the sequence number if it was sequential
 * @param stat as created; its czxid is unique in the ensemble's history and only grows, which makes it a fencing token
 */
public record Created(String path, Stat stat) implements OpResult {}
