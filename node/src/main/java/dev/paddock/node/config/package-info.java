/**
 * {@code zoo.cfg}, the dynamic config file and {@code myid}, read once at start-up into one immutable record. Used by
 * {@code main} on its own thread; the record is then passed on by constructor. Imports nothing else of ours.
 */
package dev.paddock.node.config;
