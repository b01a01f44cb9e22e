package dev.paddock.operator.migration;

import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Presence.Digests;
import dev.paddock.operator.migration.Presence.Membership;
import dev.paddock.operator.planner.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A pretended ensemble that changes as real ones do. Voters come first, then observers; ids from 1. */
final class Herd {
    static final long COMMITTED = 0x3_0000_0100L;

    /** What a member is like. */
    static final class Server {
        final long id;
        final boolean votes;
        Engine engine;
        boolean runs = true;
        boolean serves = true;
        boolean lags;
        Finding<Settings> settings = new Known<>(Settings.FINE);

        Server(long id, boolean votes, Engine engine) {
            this.id = id;
            this.votes = votes;
            this.engine = engine;
        }

        boolean isInSync() {
            return runs && serves && !lags;
        }
    }

    final List<Server> servers = new ArrayList<>();
    final int voters;
    long leader;

    Herd(int voters, int observers, Engine engine) {
        this.voters = voters;
        for (long id = 1; id <= voters + observers; id++) servers.add(new Server(id, id <= voters, engine));
        elect();
    }

    Server server(long id) {
        return servers.get((int) id - 1);
    }

    Observation seen() {
        List<Member> members = servers.stream()
                .map(s -> new Member(s.id, s.votes, presence(s), s.settings))
                .toList();
        return new Observation(members, Quorum.majorityOf(ids(1, voters)), leader == 0 ? 0 : COMMITTED);
    }

    private Presence presence(Server s) {
        if (!s.runs) return new Presence.Down();
        if (!s.serves || leader == 0) return new Presence.NotServing();
        Role role = s.id == leader ? Role.LEADER : s.votes ? Role.FOLLOWER : Role.OBSERVER;
        return serving(s.engine, role, s.lags ? COMMITTED - 1 : COMMITTED, membership(s.id));
    }

    Membership membership(long self) {
        return new Membership(self, ids(1, voters), ids(voters + 1, servers.size()));
    }

    static Presence.Serving serving(Engine engine, Role role, long zxid, Membership membership) {
        return new Presence.Serving(
                new Release(engine, 3, 9, "3.9.5"),
                role,
                zxid,
                new Known<>(0L),
                new Known<>(new Digests(new TreeMap<>())),
                new Known<>(membership));
    }

    private static SortedSet<Long> ids(int from, int to) {
        return LongStream.rangeClosed(from, to).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    /** Starts a server, or stops it and starts another on its files. It has to catch up. */
    void start(long id, Engine engine) {
        Server server = server(id);
        server.engine = engine;
        server.runs = true;
        server.serves = false;
        server.lags = true;
        elect();
    }

    void crash(long id) {
        server(id).runs = false;
        elect();
    }

    /** Time passes. */
    void settle() {
        for (Server server : servers) {
            if (server.serves) server.lags = false;
            server.serves = true;
        }
        elect();
    }

    /** The leader goes on while it has a quorum; else the largest of those in sync leads, if they are one. */
    private void elect() {
        List<Server> live =
                servers.stream().filter(s -> s.votes && s.runs && s.serves).toList();
        if (live.size() <= voters / 2) leader = 0;
        else if (live.stream().noneMatch(s -> s.id == leader)) leader = live.getLast().id;
    }
}
