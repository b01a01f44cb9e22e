/**
 * {@code paddock migrate}: a running ensemble changes from Apache ZooKeeper to Paddock, or back, server by server. What to do next is
 * decided by {@link dev.paddock.operator.migration.Migration}; here the servers are asked, and where they are processes of this machine,
 * stopped and started. Nothing is stored: the servers tell how far it is. Blocking code on the thread of the command.
 */
@NullMarked
package dev.paddock.cli.migrate;

import org.jspecify.annotations.NullMarked;
