/**
 * Reconciles a {@code CoordinationCluster}: has the objects of {@code ensemble} exist, observes the servers, asks the
 * {@code planner} for one step, carries it out, and writes the status. Runs on the threads of the operator framework, each
 * cluster on one at a time; keeps nothing between two runs.
 */
package dev.paddock.operator.cluster;
