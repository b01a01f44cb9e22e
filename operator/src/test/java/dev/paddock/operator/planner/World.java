package dev.paddock.operator.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A pretended ensemble: carries steps out as a real one would, and checks each against the planner's promises. */
final class World {
    /** A running server. */
    private static final class Server {
        boolean serving;
        boolean inSync;
        boolean wiped;
        String revision = "";
        int asked;
    }

    private final Abilities abilities;
    private final TreeSet<Integer> voters = new TreeSet<>();
    private final TreeSet<Integer> observers = new TreeSet<>();
    private final TreeMap<Integer, Server> servers = new TreeMap<>();
    private int leader; // 0: none
    private int asked; // how often people asked for a restart of all
    DesiredEnsemble wanted = new DesiredEnsemble(3, "r1", false);

    World(Abilities abilities) {
        this.abilities = abilities;
    }

    ObservedEnsemble seen() {
        List<ObservedServer> list = new ArrayList<>();
        servers.forEach((id, s) -> list.add(new ObservedServer(
                id, role(id), s.serving, s.inSync, s.revision, s.wiped && voters.contains(id), s.asked < asked)));
        return new ObservedEnsemble(voters, observers, list, abilities);
    }

    Step next() {
        return Planner.next(wanted, seen());
    }

    /** Carries out the planner's next step and checks it. */
    Step turn() {
        ObservedEnsemble before = seen();
        Step step = next();
        carryOut(step);
        settleLeader();
        ObservedEnsemble after = seen();
        if (before.hasQuorum() && !(step instanceof Step.Form) && !isBorneWith(step, before)) {
            assertThat(after.hasQuorum())
                    .as("%s of %s for %s", step, before, wanted)
                    .isTrue();
        }
        if (wanted.paused()) assertThat(step).isInstanceOf(Step.Wait.class);
        return step;
    }

    /** The one step that may cost the quorum. */
    private static boolean isBorneWith(Step step, ObservedEnsemble before) {
        return step instanceof Step.Restart(int id)
                && before.voters().size() <= 2
                && before.server(id).orElseThrow().asked();
    }

    /** People want all servers restarted, whatever it takes. */
    void askForRestart() {
        asked++;
        wanted = new DesiredEnsemble(
                wanted.replicas(), wanted.observers(), wanted.revision() + "@" + asked, wanted.paused());
    }

    private void carryOut(Step step) {
        switch (step) {
            case Step.Done(), Step.Wait _, Step.Refuse _, Step.Listen _ -> {}
            case Step.Form(var ids) -> {
                assertThat(voters).as("formed once").isEmpty();
                voters.addAll(ids);
            }
            case Step.Start(int id) -> {
                assertThat(servers).doesNotContainKey(id);
                start(id);
            }
            case Step.Restart(int id) -> {
                assertThat(servers).containsKey(id);
                boolean stays = wanted.voters().contains(id) || observers.contains(id); // else it steps down to go
                if (servers.get(id).serving && stays) {
                    assertThat(servers)
                            .as("all others are in sync")
                            .allSatisfy((other, server) -> assertThat(
                                            other == id || !seen().isMember(other) || server.inSync)
                                    .isTrue());
                }
                start(id);
            }
            case Step.HandOver(int from, int to) -> {
                assertThat(from).isEqualTo(leader);
                assertThat(servers.get(to).serving && servers.get(to).inSync).isTrue();
                leader = to;
            }
            case Step.AddObserver(int id) -> {
                if (wanted.voters().contains(id)) assertThat(voters).hasSizeGreaterThan(1);
                assertThat(id).as("the leader hands over first").isNotEqualTo(leader);
                assertThat(seen().hasQuorum()).as("a reconfig needs a quorum").isTrue();
                voters.remove(id);
                observers.add(id);
            }
            case Step.Promote(int id) -> {
                assertThat(servers.get(id).serving && servers.get(id).inSync).isTrue();
                assertThat(observers.remove(id))
                        .as("an observer, but where its own vote is needed")
                        .isEqualTo(voters.size() > 1);
                voters.add(id);
            }
            case Step.Remove(int id) -> {
                assertThat(id).as("the leader hands over first").isNotEqualTo(leader);
                assertThat(seen().hasQuorum()).as("a reconfig needs a quorum").isTrue();
                voters.remove(id);
                observers.remove(id);
            }
            case Step.Stop(int id) -> {
                assertThat(seen().isMember(id))
                        .as("out of the configuration first")
                        .isFalse();
                servers.remove(id);
            }
        }
    }

    private void start(int id) {
        Server server = new Server();
        server.revision = wanted.revision();
        server.asked = asked;
        server.wiped = servers.containsKey(id) && servers.get(id).wiped;
        servers.put(id, server);
    }

    /** The server's process is gone. */
    void crash(int id) {
        servers.remove(id);
        settleLeader();
    }

    /** Its volume is lost, unless too few others have theirs; it does not vote until it has joined anew. */
    void wipe(int id) {
        long whole = voters.stream()
                .filter(v -> v != id && (!servers.containsKey(v) || !servers.get(v).wiped))
                .count();
        if (!servers.containsKey(id) || whole < ObservedEnsemble.quorum(voters.size())) return;
        start(id);
        servers.get(id).wiped = true;
        settleLeader();
    }

    /** Time passes for one server: it starts to serve, then it catches up. */
    void progress(int id) {
        Server server = servers.get(id);
        if (server == null) return;
        if (server.wiped && voters.contains(id)) return; // it does not start
        server.wiped = false;
        if (server.serving) server.inSync = true;
        else server.serving = couldServe(id);
        settleLeader();
    }

    void progressAll() {
        for (int id : new TreeSet<>(servers.keySet())) progress(id);
    }

    /** It loses its leader for a while. */
    void stumble(int id) {
        Server server = servers.get(id);
        if (server != null) {
            server.serving = false;
            server.inSync = false;
        }
        settleLeader();
    }

    private boolean couldServe(int id) {
        long running = voters.stream()
                .filter(v -> servers.containsKey(v) && !servers.get(v).wiped)
                .count();
        boolean follows = voters.size() == 1; // who joins beside a single voter does so without being a member yet
        return running >= ObservedEnsemble.quorum(voters.size())
                && (follows || voters.contains(id) || observers.contains(id));
    }

    private void settleLeader() {
        if (leads(leader)) return;
        Optional<Integer> next = voters.stream().filter(this::leads).findFirst();
        leader = next.orElse(0);
    }

    private boolean leads(int id) {
        return voters.contains(id) && servers.containsKey(id) && servers.get(id).serving;
    }

    private Role role(int id) {
        if (!servers.get(id).serving) return Role.LOOKING;
        if (id == leader) return Role.LEADER;
        return observers.contains(id) ? Role.OBSERVER : Role.FOLLOWER;
    }
}
