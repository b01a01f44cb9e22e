package dev.paddock.e2e.histories;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.histories.Fault.Role;
import dev.paddock.e2e.histories.Links.Way;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** Carries out a plan. Owned by one thread. */
final class Nemesis {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int SOME = 100; // answers
    private static final int KILLS_MAX = 20;

    private final Servers servers;
    private final History history;
    private final Set<Integer> leaders = new TreeSet<>(); // that were seen

    Nemesis(Servers servers, History history) {
        this.servers = servers;
        this.history = history;
    }

    /** One fault after the other, each once the history has grown so far, and with all of them undone. */
    void carryOut(Plan plan, int operations) throws IOException, InterruptedException {
        String last = "the start";
        for (Plan.Step step : plan.steps()) {
            awaitAnswers(operations * step.afterPercent() / 100, last);
            last = step.fault().toString();
            strike(step);
        }
        awaitAnswers(operations, last);
        servers.awaitServing();
        if (!servers.hasOneKind()) bothKindsLead();
    }

    /** Kills who leads until somebody of the other kind has led as well, and clients were answered under each. */
    private void bothKindsLead() throws IOException, InterruptedException {
        leaders.add(servers.awaitLeader());
        for (int kills = 0; leaders.stream().map(servers::isApache).distinct().count() < 2; kills++) {
            if (kills == KILLS_MAX) throw new IllegalStateException("only " + leaders + " ever led");
            int leader = servers.awaitLeader();
            long began = System.nanoTime();
            servers.kill(leader);
            leaders.add(servers.awaitLeader());
            awaitAnswers(history.answered() + SOME, "a kill of " + leader);
            servers.start(leader);
            servers.awaitServing();
            String text = "kill -9 of " + leader + ", so that the other kind leads; now " + servers.awaitLeader();
            history.add(new History.Disturbance(text, true, began, System.nanoTime()));
        }
    }

    private void awaitAnswers(int count, String last) {
        await("that clients get answers after " + last).atMost(PATIENCE).until(() -> history.answered() >= count);
    }

    private void strike(Plan.Step step) throws IOException, InterruptedException {
        int leader = servers.leader(); // 0 if there is none just now: then anybody
        List<Integer> order = new ArrayList<>(servers.sids());
        Collections.shuffle(order, new Random(step.dice()));
        if (leader > 0) leaders.add(leader);
        if (leader > 0) Collections.swap(order, 0, order.indexOf(leader));
        long began = System.nanoTime();
        String whom = switch (step.fault()) {
            case Fault.Kill(Role role) -> kill(List.of(chosen(order, role)), step);
            case Fault.KillAll() -> kill(order, step);
            case Fault.Pause(Role role) -> pause(chosen(order, role), step);
            case Fault.Cut cut -> cut(waysOf(cut, order), cut.breaks(), step);
            case Fault.CutLink link -> {
                Set<Way> ways = bothWays(chosen(order, link.one()), order.getLast());
                yield cut(ways, link.breaks(), step);
            }
            case Fault.BreakDisk(Role role) -> breakDisk(chosen(order, role), step);
            case Fault.SlowDisk(Role role) -> slowDisk(chosen(order, role), step);
            case Fault.FillDisk(Role role) -> fillDisk(chosen(order, role), step);
            case Fault.SetClock(Role role, int seconds) -> setClock(chosen(order, role), seconds, step);
            case Fault.Remove(Role role) -> remove(chosen(order, role), step);
        };
        String text = step + ": " + (whom.isEmpty() ? "nobody, for nothing was forced" : whom);
        history.add(new History.Disturbance(
                text + ", the leader being " + leader, !whom.isEmpty(), began, System.nanoTime()));
    }

    private static int chosen(List<Integer> leaderFirst, Role role) {
        return switch (role) {
            case LEADER -> leaderFirst.getFirst();
            case FOLLOWER -> leaderFirst.get(1);
        };
    }

    private static void last(Plan.Step step) {
        long until = System.nanoTime() + step.millis() * 1_000_000L;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private String kill(List<Integer> sids, Plan.Step step) throws IOException, InterruptedException {
        for (int sid : sids) servers.kill(sid);
        last(step);
        for (int sid : sids) servers.start(sid);
        return sids.toString();
    }

    private String pause(int sid, Plan.Step step) throws IOException, InterruptedException {
        servers.signal(sid, "STOP");
        last(step);
        servers.signal(sid, "CONT");
        return Integer.toString(sid);
    }

    private String cut(Set<Way> ways, boolean breaks, Plan.Step step) throws IOException, InterruptedException {
        servers.links().cut(ways, breaks);
        last(step);
        servers.links().heal();
        return ways.toString();
    }

    private static Set<Way> waysOf(Fault.Cut cut, List<Integer> order) {
        int size = cut.isWithAnother() && order.size() > 3 ? 2 : 1;
        int first = order.indexOf(chosen(order, cut.whom()));
        List<Integer> side = order.subList(first, first + size);
        Set<Way> ways = new HashSet<>();
        for (int inside : side) {
            for (int outside : order) {
                if (side.contains(outside)) continue;
                switch (cut.ways()) {
                    case BOTH -> ways.addAll(bothWays(inside, outside));
                    case OUT -> ways.add(new Way(inside, outside));
                    case IN -> ways.add(new Way(outside, inside));
                }
            }
        }
        return ways;
    }

    private static Set<Way> bothWays(int one, int other) {
        return Set.of(new Way(one, other), new Way(other, one));
    }

    /** What its disk holds after a force that failed it cannot know. Empty if none did. */
    private String breakDisk(int sid, Plan.Step step) throws IOException {
        Tracer tracer = servers.failingForces(sid);
        try (tracer) {
            last(step);
        }
        if (!tracer.hasStruck()) return "";
        servers.awaitEnd(sid);
        servers.start(sid);
        return Integer.toString(sid);
    }

    /** Likewise. */
    private String slowDisk(int sid, Plan.Step step) throws IOException {
        Tracer tracer = servers.slowForces(sid);
        try (tracer) {
            last(step);
        }
        return tracer.hasStruck() ? Integer.toString(sid) : "";
    }

    private String fillDisk(int sid, Plan.Step step) throws IOException {
        SmallDisks.fill(servers.data(sid));
        last(step);
        SmallDisks.makeRoom(servers.data(sid));
        return Integer.toString(sid);
    }

    private String setClock(int sid, int seconds, Plan.Step step) throws IOException {
        servers.clocks().set(sid, seconds);
        last(step);
        servers.clocks().set(sid, 0);
        return Integer.toString(sid);
    }

    private String remove(int sid, Plan.Step step) throws IOException, InterruptedException {
        try (var members = new MembersDesk(servers)) {
            members.remove(sid);
            last(step);
            members.add(sid);
        }
        return Integer.toString(sid);
    }
}
