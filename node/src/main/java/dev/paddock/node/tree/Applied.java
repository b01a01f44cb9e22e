package dev.paddock.node.tree;

import java.util.List;

/**
 * A transaction applied.
 *
 * @param after   the database with it
 * @param outcome for the reply
 * @param changes for the watches, in the order in which Apache ZooKeeper fires them
 */
public record Applied(Database after, Outcome outcome, List<Change> changes) {}
