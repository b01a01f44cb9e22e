package dev.paddock.client;

import dev.paddock.wire.Stat;
import java.util.List;

/**
 * The names of a znode's children.
 *
 * @param names single segments in no order
 * @param stat the parent's
 */
public record Children(List<String> names, Stat stat) {}
