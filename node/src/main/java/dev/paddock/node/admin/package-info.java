/**
 * The HTTP ports of operators: the admin commands of Apache ZooKeeper 3.9's AdminServer, and its metrics for Prometheus.
 * An edge: each request runs in plain blocking code on a virtual thread of its own, and asks the client loops and the core
 * for what they know. May import {@code config}, {@code net}, {@code front}, {@code meter} and {@code tree}.
 */
@NullMarked
package dev.paddock.node.admin;

import org.jspecify.annotations.NullMarked;
