package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Words to tell a story with: servers come and go, clients write here or there, and the end is calm. */
final class Script {
    static final long LIMIT = 20 * Simulation.SECOND;

    final Simulation sim;
    private final Map<Long, SimClient> clients = new TreeMap<>(); // by the server they use
    private int answered;

    Script(int servers) {
        this.sim = Simulation.servers(servers, 1);
        sim.crashesLoseAll = true;
    }

    /** Whether all disks are the production storage, over files in memory, or a model of it. */
    Script onFiles(boolean areFiles) {
        sim.disks(areFiles ? StoredDisk::new : SimDisk::new);
        return this;
    }

    /** Each number with both kinds of disks. */
    static Stream<Arguments> onBoth(IntStream numbers) {
        return numbers.boxed().flatMap(n -> Stream.of(Arguments.of(false, n), Arguments.of(true, n)));
    }

    /** These servers have such disks. */
    Script on(Supplier<SimDisk> disk, long... sids) {
        for (long sid : sids) server(sid).disk = disk.get();
        return this;
    }

    SimServer server(long sid) {
        return sim.server(sid);
    }

    void boot(long... sids) {
        for (long sid : sids) server(sid).boot();
    }

    void crash(long... sids) {
        for (long sid : sids) server(sid).crash();
    }

    void awaitLeader(long sid) {
        sim.runUntil(s -> server(sid).isLeading(), LIMIT);
    }

    long awaitAnyLeader() {
        sim.runUntil(Simulation::hasEstablishedLeader, LIMIT);
        return sim.leader().sid;
    }

    void awaitServing(long... sids) {
        for (long sid : sids) sim.runUntil(s -> server(sid).isServing(), LIMIT);
    }

    void run(long millis) {
        sim.run(millis * 1_000_000);
    }

    /** A client that uses this server only. */
    SimClient at(long sid) {
        SimClient client = clients.computeIfAbsent(sid, this::client);
        sim.runUntil(s -> client.isOpen(), LIMIT);
        return client;
    }

    /** One more client of a server opens a session. */
    void another(long sid) {
        SimClient client = client(sid);
        sim.runUntil(s -> client.isOpen(), LIMIT);
    }

    private SimClient client(long sid) {
        SimClient fresh = sim.client();
        fresh.nextServer = sid;
        fresh.timeoutMillis = 10_000;
        return fresh;
    }

    private static Request create(String path) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0);
    }

    /** Asks for a znode; whether it comes to be is the story. */
    void ask(long sid, String path) {
        at(sid).ask(create(path), a -> {});
    }

    /** Creates znodes and sees each acknowledged. */
    void write(long sid, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            int before = answered;
            String path = "/" + prefix + i;
            at(sid).ask(create(path), a -> {
                assertThat(a.error()).as("%s: create of %s", sim, path).isZero();
                answered++;
            });
            sim.runUntil(s -> answered > before, LIMIT);
        }
    }

    /** Cuts a server off from all others; its links go silent. */
    void isolate(long sid) {
        for (SimServer other : sim.servers) if (other.sid != sid) sim.network.cut(sid, other.sid, false);
    }

    boolean has(long sid, String path) {
        return server(sid).replica().committed().find(path) != null;
    }

    /** Every server comes up, serves, and they agree. */
    void calm() {
        sim.network.healAll();
        for (SimServer server : sim.servers) if (!server.isUp()) server.boot();
        sim.clients.forEach(SimClient::stop);
        sim.runUntil(Simulation::isCalm, LIMIT);
        sim.servers.forEach(sim.oracle::calm);
    }
}
