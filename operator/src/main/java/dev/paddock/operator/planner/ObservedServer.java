package dev.paddock.operator.planner;

/**
 * One server as it was just seen. A server that has no process or pod is not observed.
 *
 * @param id as in its {@code myid}
 * @param serving answers clients as part of a quorum
 * @param inSync has applied what the leader had committed a moment ago; meaningful only while serving
 * @param revision of the configuration and image that it was started with
 * @param wiped its volume is empty, though it had data once; it does not start as a voter, since it has forgotten what it
 *     acknowledged
 */
public record ObservedServer(int id, Role role, boolean serving, boolean inSync, String revision, boolean wiped) {

    /** One that has its data. */
    public ObservedServer(int id, Role role, boolean serving, boolean inSync, String revision) {
        this(id, role, serving, inSync, revision, false);
    }
}
