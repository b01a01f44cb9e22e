/**
 * The operator: turns {@code CoordinationCluster} objects into running ensembles, {@code CoordinationConfig} objects into znodes
 * ({@code config}), gives pods their sidecar ({@code injection}) and answers probes ({@code health}). {@link dev.paddock.operator.Operator} starts it; {@code
 * cluster} reconciles, {@code ensemble} says which objects should exist, {@code planner} what to do next, and
 * {@code migration} what to do next on the way from Apache ZooKeeper to Paddock, or back.
 */
package dev.paddock.operator;
