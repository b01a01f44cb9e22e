/**
 * ZooKeeper's records and packets: bytes in, records out. Decoders read from a {@link dev.paddock.wire.Reader}, which never allocates by a length that is only
 * claimed, and none recurses; malformed bytes are a {@link dev.paddock.wire.WireException}. Records of the wire are values: equal by content, lists that cannot be
 * changed, byte arrays that nobody changes once they are in a record. Imports nothing else of ours; every thread may use it.
 */
package dev.paddock.wire;
