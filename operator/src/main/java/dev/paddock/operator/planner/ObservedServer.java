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
 * @param asked it was started before people asked for a restart the last time, with whatever pause that takes
 */
public record ObservedServer(
        int id, Role role, boolean serving, boolean inSync, String revision, boolean wiped, boolean asked) {

    /** One that has its data, and that nobody asked to be restarted. */
    public ObservedServer(int id, Role role, boolean serving, boolean inSync, String revision) {
        this(id, role, serving, inSync, revision, false, false);
    }
}
