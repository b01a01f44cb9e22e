/** The znode server: Zab, tree, sessions, watches, log and snapshots, ports. */
package dev.paddock.node;
