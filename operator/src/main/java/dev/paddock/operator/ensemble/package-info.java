/**
 * The Kubernetes objects that a {@code CoordinationCluster} stands for: pure functions from a {@link
 * dev.paddock.operator.ensemble.Blueprint}, with golden YAML beside their tests. Imports the object model and no client;
 * a test keeps that.
 */
package dev.paddock.operator.ensemble;
