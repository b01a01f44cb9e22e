/**
 * {@code paddock snapshot} and {@code paddock log}: what the files of a data folder hold, Paddock's or Apache ZooKeeper's.
 * They read with what a server starts with, {@link dev.paddock.node.log}, and never write. Output goes out as it is found;
 * only {@code snapshot diff} and comparing a digest over the log keep a tree in memory. May import {@code node} and {@code wire}.
 */
@NullMarked
package dev.paddock.cli.files;

import org.jspecify.annotations.NullMarked;
