package dev.paddock.operator.planner;

import static java.util.Comparator.comparing;
import static java.util.function.Predicate.not;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Chooses the next step for an ensemble. The rules, in the order in which they are asked:
 *
 * <ol>
 *   <li>paused: nothing;
 *   <li>never formed: form it;
 *   <li>a wanted member without a process is started;
 *   <li>a voter that has lost its volume goes out of the configuration, to join again as one that knows nothing;
 *   <li>a server that does not serve and runs an old revision is restarted: it may be what the new one mends;
 *   <li>shrink: a leader that has to go hands over, then goes out of the configuration, and only when it is seen to be
 *       out is it stopped; a voter that is to observe from now on loses its vote in the same way;
 *   <li>while a member does not serve, nothing that works is touched;
 *   <li>roll: observers first, then followers, the leader last, one at a time, each only while all others are in sync; where
 *       there are one or two voters, none of whom a quorum can do without, only those whose restart people asked for;
 *   <li>grow: join as observer, catch up, get a vote, one at a time; the second voter joins without observing first,
 *       since a single voter cannot decide that there are two; members that are to observe join last.
 * </ol>
 *
 * <p>No step takes a working ensemble below a quorum of live voters, but a restart {@linkplain ObservedServer#asked that was
 * asked for} of one of one or two voters.
 */
public final class Planner {
    /** What is left of every step while nothing shall be changed. */
    public static final Step PAUSED = new Step.Wait("spec.paused is true; set it to false to go on");

    private static final List<BiFunction<DesiredEnsemble, ObservedEnsemble, Optional<Step>>> RULES = List.of(
            Planner::pause,
            Planner::form,
            Planner::startMissing,
            Planner::expelWiped,
            Planner::restartBroken,
            Planner::stopRemoved,
            Planner::shrink,
            Planner::awaitServing,
            Planner::roll,
            Planner::grow,
            Planner::refuse);

    private Planner() {}

    /** The first step that a rule asks for; {@link Step.Done} if none does. */
    public static Step next(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return RULES.stream()
                .flatMap(rule -> rule.apply(wanted, seen).stream())
                .findFirst()
                .orElseGet(Step.Done::new);
    }

    private static Optional<Step> pause(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return when(wanted.paused(), PAUSED);
    }

    private static Optional<Step> form(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return when(seen.voters().isEmpty(), new Step.Form(wanted.voters()));
    }

    /** One that has to go is started only if nothing can be decided without it. */
    private static Optional<Step> startMissing(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return membersOf(seen).stream()
                .filter(id -> seen.server(id).isEmpty())
                .filter(id -> wanted.members().contains(id) || !mayShrink(seen) || !seen.hasQuorum())
                .findFirst()
                .map(Step.Start::new);
    }

    /** Where nobody can decide without it, what was acknowledged may be gone, and only people can give it up. */
    private static Optional<Step> expelWiped(DesiredEnsemble wanted, ObservedEnsemble seen) {
        List<Integer> wiped = seen.servers().stream()
                .filter(s -> s.wiped() && seen.voters().contains(s.id()))
                .map(ObservedServer::id)
                .toList();
        if (wiped.isEmpty() || !seen.abilities().reconfig()) return Optional.empty();
        boolean decides = seen.hasQuorum() && seen.survivesRemovalOf(wiped.getFirst());
        boolean lost = seen.voters().size() - wiped.size()
                < ObservedEnsemble.quorum(seen.voters().size());
        if (decides) return Optional.of(new Step.Remove(wiped.getFirst()));
        return Optional.of(
                lost
                        ? new Step.Refuse(
                                haveLost(wiped) + ", and the rest is no quorum: bring back a volume, or restore"
                                        + " a snapshot into a new cluster")
                        : new Step.Wait(haveLost(wiped) + "; waiting for a quorum of the others"));
    }

    private static String haveLost(List<Integer> wiped) {
        return (wiped.size() == 1 ? "member " : "members ") + listed(wiped) + " lost the data volume";
    }

    private static Optional<Step> restartBroken(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return seen.servers().stream()
                .filter(s -> !s.serving() && isOld(s, wanted))
                .findFirst()
                .map(s -> new Step.Restart(s.id()));
    }

    private static Optional<Step> stopRemoved(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return seen.servers().stream()
                .map(ObservedServer::id)
                .filter(id -> !seen.isMember(id) && !wanted.members().contains(id))
                .filter(id -> membersOf(seen).isEmpty() || id > membersOf(seen).last()) // pods go from the top
                .max(Comparator.naturalOrder())
                .map(Step.Stop::new);
    }

    private static Optional<Step> shrink(DesiredEnsemble wanted, ObservedEnsemble seen) {
        List<Integer> leaving = membersOf(seen).stream()
                .filter(id -> seen.observers().contains(id)
                        ? !wanted.members().contains(id)
                        : !wanted.voters().contains(id) && !needsMoreFirst(wanted, seen))
                .sorted(comparing(seen::serving).thenComparing(Comparator.reverseOrder()))
                .toList();
        if (leaving.isEmpty() || !mayShrink(seen)) return Optional.empty();
        if (!seen.hasQuorum()) return Optional.of(awaitQuorum(seen));
        return leaving.stream()
                .filter(id -> seen.observers().contains(id) || seen.survivesRemovalOf(id))
                .findFirst()
                .map(id -> handingOver(id, wanted, seen, leave(id, wanted)))
                .or(() -> Optional.of(new Step.Wait("removing member " + leaving.getFirst() + " would leave fewer live"
                        + " voters than a quorum; waiting for " + listed(notServing(seen)))));
    }

    /** Out, or only out of the vote. */
    private static Step leave(int id, DesiredEnsemble wanted) {
        return wanted.members().contains(id) ? new Step.AddObserver(id) : new Step.Remove(id);
    }

    /**
     * Whether the last two voters would be left without one that stays: who joins beside a single voter has to agree to its own vote, so
     * who is to stay gets its vote while there are two.
     */
    private static boolean needsMoreFirst(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return seen.voters().size() <= 2 && !seen.voters().containsAll(wanted.voters());
    }

    private static Optional<Step> awaitServing(DesiredEnsemble wanted, ObservedEnsemble seen) {
        List<Integer> down = notServing(seen);
        return when(!down.isEmpty(), new Step.Wait(are(down) + " not serving yet"));
    }

    /** Here every member serves. */
    private static Optional<Step> roll(DesiredEnsemble wanted, ObservedEnsemble seen) {
        Optional<ObservedServer> old = oldMembers(wanted, seen).stream()
                .filter(s -> !seen.voters().contains(s.id())
                        || seen.survivesStopOf(s.id())
                        || mayPauseAll(s, seen)) // for the others growing may mend it
                .min(comparing((ObservedServer s) -> s.role() == Role.LEADER)
                        .thenComparing(s -> seen.voters().contains(s.id()))
                        .thenComparingInt(ObservedServer::id));
        if (old.isEmpty()) return Optional.empty();
        int id = old.get().id();
        List<Integer> behind = seen.servers().stream()
                .filter(s -> s.id() != id && seen.isMember(s.id()) && !s.inSync())
                .map(ObservedServer::id)
                .toList();
        if (!behind.isEmpty()) return Optional.of(new Step.Wait(are(behind) + " catching up"));
        boolean isAlone = seen.voters().size() == 1; // nobody to hand over to
        Step restart = new Step.Restart(id);
        return Optional.of(isAlone ? restart : handingOver(id, wanted, seen, restart));
    }

    /** Whether people bear with nobody being served while it restarts. */
    private static boolean mayPauseAll(ObservedServer server, ObservedEnsemble seen) {
        return server.asked() && seen.voters().size() <= 2;
    }

    /** Here every member serves; what is not yet a member is being brought in. */
    private static Optional<Step> grow(DesiredEnsemble wanted, ObservedEnsemble seen) {
        if (!seen.abilities().reconfig()) return Optional.empty();
        return wanted.voters().stream()
                .filter(not(seen.voters()::contains))
                .findFirst()
                .map(id -> join(id, seen))
                .or(() -> wanted.observing().stream()
                        .filter(not(seen::isMember))
                        .findFirst()
                        .map(id -> observe(id, seen)));
    }

    private static Step join(int id, ObservedEnsemble seen) {
        Optional<ObservedServer> server = seen.server(id);
        if (server.isEmpty()) return new Step.Start(id);
        boolean observes = seen.observers().contains(id);
        boolean hasToAgree =
                seen.liveVoters() < ObservedEnsemble.quorum(seen.voters().size() + 1); // observers are not asked
        if (hasToAgree && observes) return new Step.Remove(id); // it joins anew, as one that will vote
        if (!hasToAgree && !observes) return new Step.AddObserver(id);
        boolean isReady = server.get().serving() && server.get().inSync();
        return isReady ? new Step.Promote(id) : new Step.Wait("member " + id + " is catching up");
    }

    private static Step observe(int id, ObservedEnsemble seen) {
        return seen.server(id).isEmpty() ? new Step.Start(id) : new Step.AddObserver(id);
    }

    /** What could not be done above. */
    private static Optional<Step> refuse(DesiredEnsemble wanted, ObservedEnsemble seen) {
        if (!seen.voters().equals(wanted.voters()) || !seen.observers().equals(wanted.observing())) {
            return Optional.of(new Step.Refuse("replicas " + sizes(wanted.replicas(), wanted.observers())
                    + " is not possible yet: a running ensemble cannot change its members in this version; it goes"
                    + " on with " + sizes(seen.voters().size(), seen.observers().size())));
        }
        List<Integer> old =
                oldMembers(wanted, seen).stream().map(ObservedServer::id).toList();
        return when(
                !old.isEmpty(),
                new Step.Refuse(are(old) + " on an old configuration, and an ensemble of "
                        + seen.voters().size()
                        + " cannot lose one and keep a quorum; restart by hand (on Kubernetes by another value of the"
                        + " annotation paddock.dev/restartedAt), or grow to 3 replicas"));
    }

    private static String sizes(int voters, int observers) {
        return voters + (observers == 0 ? "" : " with observers " + observers);
    }

    /** The step, unless it would hit a leader that can hand over first. */
    private static Step handingOver(int id, DesiredEnsemble wanted, ObservedEnsemble seen, Step step) {
        boolean leads = seen.leader().filter(leader -> leader.id() == id).isPresent();
        if (!leads) return step;
        if (!seen.abilities().handOver()) return step instanceof Step.Restart ? step : steppingDown(id, seen);
        return seen.servers().stream()
                .filter(s -> s.id() != id
                        && s.serving()
                        && s.inSync()
                        && seen.voters().contains(s.id()))
                .min(comparing((ObservedServer s) -> !wanted.voters().contains(s.id()))
                        .thenComparing(s -> isOld(s, wanted))
                        .thenComparingInt(ObservedServer::id))
                .<Step>map(heir -> new Step.HandOver(id, heir.id()))
                .orElseGet(() -> new Step.Wait("member " + id + " leads and nobody in sync can take over"));
    }

    /** Another is elected while it restarts, and it comes back as a follower. */
    private static Step steppingDown(int leader, ObservedEnsemble seen) {
        return seen.survivesStopOf(leader)
                ? new Step.Restart(leader)
                : new Step.Refuse("member " + leader + " leads and cannot hand over, and without it there is no quorum;"
                        + " keep its replica");
    }

    private static Step awaitQuorum(ObservedEnsemble seen) {
        return new Step.Wait(are(notServing(seen)) + " not serving; " + seen.liveVoters() + " of the "
                + ObservedEnsemble.quorum(seen.voters().size()) + " voters that a quorum needs live");
    }

    /** Whether members can be taken out while the ensemble runs. */
    private static boolean mayShrink(ObservedEnsemble seen) {
        return seen.abilities().reconfig();
    }

    private static boolean isOld(ObservedServer server, DesiredEnsemble wanted) {
        return !server.revision().equals(wanted.revision());
    }

    private static List<ObservedServer> oldMembers(DesiredEnsemble wanted, ObservedEnsemble seen) {
        return seen.servers().stream()
                .filter(s -> seen.isMember(s.id()) && isOld(s, wanted))
                .toList();
    }

    private static List<Integer> notServing(ObservedEnsemble seen) {
        return membersOf(seen).stream().filter(not(seen::serving)).toList();
    }

    private static NavigableSet<Integer> membersOf(ObservedEnsemble seen) {
        var members = new TreeSet<>(seen.voters());
        members.addAll(seen.observers());
        return members;
    }

    private static Optional<Step> when(boolean holds, Step step) {
        return holds ? Optional.of(step) : Optional.empty();
    }

    private static String are(Collection<Integer> ids) {
        return (ids.size() == 1 ? "member " : "members ") + listed(ids) + (ids.size() == 1 ? " is" : " are");
    }

    static String listed(Collection<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
