package dev.paddock.client;

import dev.paddock.wire.Stat;

/**
 * Who the members of an ensemble are.
 *
 * @param text a line {@code server.N=…} for each, then {@code version=HEX}
 * @param stat of the znode {@code /zookeeper/config}
 */
public record Config(String text, Stat stat) {}
