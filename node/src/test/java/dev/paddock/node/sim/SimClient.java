package dev.paddock.node.sim;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Id;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Writer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A client that keeps a session, creates znodes, a few at once, and remembers which were acknowledged. */
final class SimClient {
    private static final int PIPELINE = 3;
    private static final long RETRY_NANOS = 30_000_000;
    private static final long THINK_NANOS = 60_000_000;
    private static final long PING_NANOS = 300_000_000;

    /** Acknowledged persistent creates. */
    final TreeSet<String> acknowledged = new TreeSet<>();

    private final Simulation sim;
    private final int number; // also the number of its loop
    private final Map<Integer, String> outstanding = new TreeMap<>(); // cxid to path
    private long sessionId;
    private long server = -1;
    private long connection;
    private boolean connected;
    private boolean stopped;
    private int nextCxid = 1;
    private int nextName = 1;
    int sessionsLost;

    SimClient(Simulation sim, int number) {
        this.sim = sim;
        this.number = number;
        sim.after(RETRY_NANOS, this::connect);
        sim.after(PING_NANOS, this::ping);
    }

    void stop() {
        stopped = true;
    }

    boolean isIdle() {
        return outstanding.isEmpty();
    }

    private void connect() {
        if (connected || stopped) return;
        server = sim.anySid();
        long attempt = ++connection;
        SimServer target = sim.server(server);
        if (target.isServing()) {
            target.submit(
                    sessionId == 0
                            ? new Submission.OpenSession(number, attempt, 2_000)
                            : new Submission.Reattach(number, attempt, sessionId, 2_000));
        }
        sim.after(10 * RETRY_NANOS, () -> {
            if (!connected && connection == attempt) connect();
        });
    }

    private void ping() {
        if (connected) sim.server(server).submit(new Submission.Touched(new long[] {sessionId}));
        sim.after(PING_NANOS, this::ping);
    }

    void disconnected(long by) {
        if (by != server) return;
        connected = false;
        outstanding.clear(); // their outcome is unknown
        server = -1;
        sim.after(RETRY_NANOS, this::connect);
    }

    void delivered(long by, Delivery delivery) {
        if (by != server) return;
        switch (delivery) {
            case Delivery.SessionOpened(long at, long id, int timeoutMillis) -> {
                if (at != connection) return;
                sessionId = id;
                connected = true;
                sim.after(THINK_NANOS, this::work);
            }
            case Delivery.SessionRefused(long at) -> {
                if (at != connection) return;
                sessionsLost++;
                sessionId = 0;
                disconnected(by);
            }
            case Delivery.Detach d -> {
                if (d.connection() == connection) disconnected(by);
            }
            case Delivery.Refused r -> {
                if (r.connection() == connection) disconnected(by);
            }
            case Delivery.Committed _, Delivery.Synced _, Delivery.Serving _, Delivery.NotServing _ -> {}
        }
    }

    private void work() {
        while (connected && !stopped && outstanding.size() < PIPELINE) {
            int cxid = nextCxid++;
            boolean ephemeral = sim.random.nextInt(8) == 0;
            String path = "/" + (ephemeral ? "e" : "p") + number + "-" + nextName++;
            Writer w = new Writer(64);
            new Request.Create(path, new byte[] {(byte) cxid}, Acl.OPEN_UNSAFE, ephemeral ? 1 : 0).write(w);
            outstanding.put(cxid, path);
            List<Id> ids = List.of(new Id("ip", "127.0.0.1"));
            sim.server(server)
                    .submit(new Submission.Submit(
                            number, connection, sessionId, cxid, OpCode.CREATE, w.toByteArray(), ids));
        }
    }

    void committed(long by, Delivery.Committed c) {
        if (by != server || c.sessionId() != sessionId || !connected) return;
        if (c.type() == OpCode.CLOSE_SESSION) { // expired
            sessionsLost++;
            sessionId = 0;
            disconnected(by);
            return;
        }
        String path = outstanding.remove(c.cxid());
        if (path == null) return;
        if (c.outcome() instanceof Outcome.Path(String created) && created.startsWith("/p")) acknowledged.add(created);
        sim.after(THINK_NANOS, this::work);
    }
}
