/** The ZooKeeper proxy: a relay of bytes between local ZooKeeper clients and a member of the ensemble. Runs on event loops. */
@NullMarked
package dev.paddock.sidecar.proxy;

import org.jspecify.annotations.NullMarked;
