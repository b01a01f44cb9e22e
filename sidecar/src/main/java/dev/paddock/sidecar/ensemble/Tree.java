package dev.paddock.sidecar.ensemble;

import dev.paddock.client.NodeData;
import java.util.SortedMap;

/**
 * A subtree as it stood.
 *
 * @param nodes absolute paths in order, to data and stat; empty when the root does not exist
 * @param zxid  the last change seen in it: the largest mzxid or pzxid; without a root, the last change
 *     among the children of its nearest ancestor, which is not before the deletion of the root
 */
public record Tree(SortedMap<String, NodeData> nodes, long zxid) {}
