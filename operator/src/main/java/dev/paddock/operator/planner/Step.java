package dev.paddock.operator.planner;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/** One thing to do with an ensemble. Doing it twice does no harm. */
public sealed interface Step {

    /** All is as wanted. */
    record Done() implements Step {}

    /** Nothing to do but to look again. */
    record Wait(String why) implements Step {}

    /** What is wanted cannot be had; the ensemble goes on as it is until the spec changes. */
    record Refuse(String why) implements Step {}

    /**
     * Write down the first membership of an ensemble that has none. Only then may its servers start.
     *
     * @param voters ids, ascending
     */
    record Form(NavigableSet<Integer> voters) implements Step {
        public Form {
            voters = Collections.unmodifiableNavigableSet(new TreeSet<>(voters));
        }
    }

    /** Start this server: a member that has no process or pod, or one that is about to join. */
    record Start(int id) implements Step {}

    /** Stop and start this server, so that it runs the revision wanted. */
    record Restart(int id) implements Step {}

    /** Have this follower lead, and the leader follow. */
    record HandOver(int from, int to) implements Step {}

    /** Take this running server into the configuration without a vote, or its vote away. */
    record AddObserver(int id) implements Step {}

    /** Give this server, which has caught up, a vote. Conditional on the configuration that was observed. */
    record Promote(int id) implements Step {}

    /** Take this member out of the configuration. Conditional on the configuration that was observed. */
    record Remove(int id) implements Step {}

    /** Take clients without TLS from everywhere, or from a server's own pod only. Conditional on the configuration that was observed. */
    record Listen(boolean openly) implements Step {}

    /** Stop this server, which is in no configuration any more. */
    record Stop(int id) implements Step {}

    /** For status and progress, without the reason. */
    default String shown() {
        return switch (this) {
            case Done() -> "done";
            case Wait _ -> "wait";
            case Refuse _ -> "refuse";
            case Form(var voters) -> "form an ensemble of members " + Planner.listed(voters);
            case Start(int id) -> "start member " + id;
            case Restart(int id) -> "restart member " + id;
            case HandOver(int from, int to) -> "hand leadership from member " + from + " to member " + to;
            case AddObserver(int id) -> "add member " + id + " as observer";
            case Promote(int id) -> "give member " + id + " a vote";
            case Remove(int id) -> "remove member " + id;
            case Listen(boolean openly) -> (openly ? "open" : "close") + " the port without TLS";
            case Stop(int id) -> "stop member " + id;
        };
    }
}
