/**
 * The operator: turns {@code CoordinationCluster} objects into running ensembles. {@link dev.paddock.operator.Operator}
 * starts it; {@code cluster} reconciles, {@code ensemble} says which objects should exist, {@code planner} what to do next.
 */
package dev.paddock.operator;
