package dev.paddock.operator.cluster;

import dev.paddock.operator.planner.Step;
import java.util.Optional;

/**
 * What a run decided, and what came of it.
 *
 * @param obstacle why the step was not done yet; empty if it was, or nothing was to be done
 * @param reason why it is done, where that is not as usual
 */
record Turn(Step step, Optional<String> obstacle, Optional<String> reason) {

    Turn(Step step, Optional<String> obstacle) {
        this(step, obstacle, Optional.empty());
    }

    /** One that needed nobody's help. */
    static Turn of(Step step) {
        return new Turn(step, Optional.empty());
    }

    /** Whether nothing is under way. */
    boolean isOver() {
        return step instanceof Step.Done || step instanceof Step.Refuse;
    }

    /** The member that it is about, if it is about one. */
    Optional<Integer> target() {
        return switch (step) {
            case Step.Done _, Step.Wait _, Step.Refuse _, Step.Form _, Step.Listen _ -> Optional.empty();
            case Step.Start(int id) -> Optional.of(id);
            case Step.Restart(int id) -> Optional.of(id);
            case Step.HandOver(int from, int _) -> Optional.of(from);
            case Step.AddObserver(int id) -> Optional.of(id);
            case Step.Promote(int id) -> Optional.of(id);
            case Step.Remove(int id) -> Optional.of(id);
            case Step.Stop(int id) -> Optional.of(id);
        };
    }

    /** One word for programs. */
    String word() {
        return switch (step) {
            case Step.Done _ -> "AsWanted";
            case Step.Wait _ -> "Waiting";
            case Step.Refuse _ -> "Refused";
            case Step.Form _ -> "Forming";
            case Step.Start _ -> "StartingMember";
            case Step.Restart _ -> "RestartingMember";
            case Step.HandOver _ -> "HandingOver";
            case Step.AddObserver _ -> "AddingMember";
            case Step.Promote _ -> "PromotingMember";
            case Step.Remove _ -> "RemovingMember";
            case Step.Listen _ -> "ChangingPorts";
            case Step.Stop _ -> "StoppingMember";
        };
    }

    /** Why it is done, or what it waits for. */
    String why() {
        return obstacle.map(what -> step.shown() + " not yet: " + what)
                .or(() -> reason)
                .orElseGet(() -> switch (step) {
                    case Step.Done _ -> "nothing to do";
                    case Step.Wait(String why) -> why;
                    case Step.Refuse(String why) -> why;
                    case Step.Start(int id) -> "member " + id + " has no pod; the StatefulSet controller makes it";
                    case Step.Restart(int id) -> "member " + id + " runs an old configuration";
                    case Step.AddObserver(int id) ->
                        "member " + id + " is to follow without a vote, for now or for good";
                    case Step.Promote(int id) -> "member " + id + " has caught up";
                    case Step.Remove(int id) -> "member " + id + " is to go, or to join anew";
                    case Step.Stop(int id) -> "member " + id + " is in no configuration any more";
                    case Step.HandOver(int from, int _) -> "member " + from + " leads and is to be restarted or to go";
                    case Step.Listen(boolean openly) ->
                        openly ? "clients need no TLS any more" : "spec.tls.client.required is true";
                    case Step.Form _ -> step.shown();
                });
    }
}
