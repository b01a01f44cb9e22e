/**
 * How a running ensemble changes from Apache ZooKeeper to Paddock, or back, server by server: a pure function from what is seen to one
 * step, {@link dev.paddock.operator.migration.Migration#next}.
 *
 * <p>Whoever carries steps out observes afresh before each call and keeps nothing between calls: it may stop anywhere, and whoever
 * comes next finds out from the servers how far it is. Imports neither Kubernetes nor files, sockets, threads or clocks; a test
 * keeps that.
 */
package dev.paddock.operator.migration;
