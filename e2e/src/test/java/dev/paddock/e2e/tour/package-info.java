/**
 * Tours of foreign clients: one script of each client, run against Apache ZooKeeper and against Paddock, with one server and
 * with three. What the client saw must be the same, line by line, but for times, session ids and zxids.
 */
package dev.paddock.e2e.tour;
