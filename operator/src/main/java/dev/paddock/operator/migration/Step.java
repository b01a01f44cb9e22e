package dev.paddock.operator.migration;

/** One thing to do. */
public sealed interface Step {
    /** The reason, a clause for people. */
    String why();

    /** Something is in the way of all others. */
    sealed interface Obstacle extends Step {}

    /** Every member runs what is wanted, and all checks hold. */
    record Done(String why) implements Step {}

    /** Nothing to do but to look again. */
    record Wait(String why) implements Obstacle {}

    /**
     * Nothing may be done before somebody has changed something.
     *
     * @param remedy what can be done, an imperative
     */
    record Refuse(String why, String remedy) implements Obstacle {}

    /** Start this server, which has no process, on the files of that member. */
    record Start(long id, Engine engine, String why) implements Step {}

    /** Stop the server of this member, then start the other kind on its files. */
    record Replace(long id, Engine engine, String why) implements Step {}
}
