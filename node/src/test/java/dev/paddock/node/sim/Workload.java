package dev.paddock.node.sim;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Stat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What a client does all day: a few requests at once, of every kind, on paths of its own and on shared ones. */
final class Workload {
    static final String SHARED = "/s";
    private static final int SHARED_PATHS = 5;
    private static final int PIPELINE = 3;
    private static final int EPHEMERAL = 1;
    private static final int ANY_VERSION = -1;
    private static final long MILLI_NANOS = 1_000_000;

    /** Acknowledged persistent creates; never deleted. */
    final TreeSet<String> acknowledged = new TreeSet<>();

    private final Simulation sim;
    private final SimClient client;
    private final Map<String, Integer> seen = new TreeMap<>(); // versions, which may have changed since
    private int nextName = 1;
    private boolean thinking;

    Workload(Simulation sim, SimClient client) {
        this.sim = sim;
        this.client = client;
        client.opened = this::think;
    }

    private void think() {
        if (thinking) return;
        thinking = true;
        sim.after(10_000_000 + (long) (client.random.nextDouble() * 140_000_000), this::work);
    }

    private void work() {
        thinking = false;
        while (client.isOpen() && !client.isStopped() && client.outstanding() < PIPELINE) askSomething();
    }

    static List<String> sharedPaths() {
        return IntStream.range(0, SHARED_PATHS).mapToObj(i -> SHARED + i).toList();
    }

    private String shared() {
        return SHARED + client.random.nextInt(SHARED_PATHS);
    }

    private byte[] data() {
        return new byte[] {(byte) client.number, (byte) nextName};
    }

    private static Request.Create create(String path, byte[] data, int flags) {
        return new Request.Create(path, data, Acl.OPEN_UNSAFE, flags);
    }

    private void askSomething() {
        String name = client.number + "-" + nextName++;
        int dice = client.random.nextInt(100);
        if (dice < 35) persistent(name);
        else if (dice < 43) ask(create("/e" + name, data(), EPHEMERAL));
        else if (dice < 55) ask(set());
        else if (dice < 61) ask(create(shared(), data(), 0));
        else if (dice < 65) delete();
        else if (dice < 71) multi(name);
        else if (dice < 80) read();
        else if (dice < 83) children();
        else if (dice < 91) exists();
        else if (dice == 98 && sim.clientsGoAway && client.random.nextInt(4) == 0) goAway();
        else if (dice < 99) syncAndRead();
        else ask(new Request.CloseSession());
    }

    private void ask(Request request) {
        client.ask(request, answered -> {
            if (request instanceof Request.SetData set && answered.body() instanceof Response.SetData(Stat stat)) {
                seen.put(set.path(), stat.version());
            }
            think();
        });
    }

    private void persistent(String name) {
        String path = "/p" + name;
        client.ask(create(path, data(), 0), answered -> {
            if (answered.error() == 0) acknowledged.add(path);
            think();
        });
    }

    private void multi(String name) {
        String checked = shared();
        ask(new Request.Multi(List.of(
                create("/m" + name, data(), 0),
                new Request.SetData(shared(), data(), ANY_VERSION),
                new Request.Check(checked, perhaps(checked)),
                create("/n" + name, data(), 0))));
    }

    /** The version that was seen last, or none. */
    private int perhaps(String path) {
        return client.random.nextBoolean() ? ANY_VERSION : seen.getOrDefault(path, ANY_VERSION);
    }

    private Request set() {
        String path = shared();
        return new Request.SetData(path, data(), perhaps(path));
    }

    private void delete() {
        String path = shared();
        ask(new Request.Delete(path, perhaps(path)));
    }

    private void read() {
        String path = shared();
        boolean watch = client.random.nextInt(3) == 0;
        client.ask(new Request.GetData(path, watch), answered -> {
            if (answered.body() instanceof Response.GetData got)
                seen.put(path, got.stat().version());
            if (watch && answered.error() == 0) client.watched.set(path, answered.zxid(), true);
            think();
        });
    }

    private void children() {
        client.ask(new Request.GetChildren("/", true), answered -> {
            if (answered.error() == 0) client.watched.setChildren(answered.zxid());
            think();
        });
    }

    private void exists() {
        String path = shared();
        client.ask(new Request.Exists(path, true), answered -> {
            client.watched.set(path, answered.zxid(), answered.error() == 0);
            think();
        });
    }

    /** For a moment, or for longer than a session waits. */
    private void goAway() {
        client.goAway(client.random.nextLong(2 * MILLI_NANOS * client.timeoutMillis));
    }

    private void syncAndRead() {
        client.ask(new Request.Sync("/"), answered -> {});
        ask(new Request.GetData(shared(), false));
    }
}
