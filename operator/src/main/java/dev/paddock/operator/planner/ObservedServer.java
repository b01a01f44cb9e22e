package dev.paddock.operator.planner;

/**
 * One server as it was just seen. A server that has no process or pod is not observed.
 *
 * @param id as in its {@code myid}
 * @param serving answers clients as part of a quorum
 * @param inSync has applied what the leader had committed a moment ago; meaningful only while serving
 * @param revision of the configuration and image that it was started with
 */
public record ObservedServer(int id, Role role, boolean serving, boolean inSync, String revision) {}
