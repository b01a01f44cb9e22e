/** Reconciles CoordinationCluster; the planner. */
package dev.paddock.operator;
