package dev.paddock.node.front;

import dev.paddock.node.session.SessionIds;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.node.tree.Znode;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A {@link Frontend} and a core that does nothing until the test says so. */
final class Rig {
    static final FrontLimits LIMITS = FrontLimits.DEFAULT;

    final Frontend frontend;
    final Deque<Submission> submissions = new ArrayDeque<>();
    Database head = Database.empty();
    long nowNanos;
    private long nextSession = 0x100;

    Rig() {
        this(LIMITS);
    }

    Rig(FrontLimits limits) {
        this(limits, AuthConfig.DEFAULT);
    }

    Rig(FrontLimits limits, AuthConfig auth) {
        this(limits, ServerLoad.ofOneLoop(Throttling.DEFAULT), auth);
    }

    Rig(FrontLimits limits, ServerLoad load) {
        this(limits, load, AuthConfig.DEFAULT);
    }

    private Rig(FrontLimits limits, ServerLoad load, AuthConfig auth) {
        frontend = new Frontend(0, limits, load, auth, 0, submissions::addLast);
        deliver(new Delivery.Serving(head, false));
    }

    void deliver(Delivery... deliveries) {
        frontend.delivered(List.of(deliveries), nowNanos);
    }

    /** A client with a session. */
    FakeClient client() {
        var client = new FakeClient(frontend);
        client.connect(0, null);
        open(client, nextSession++);
        return client;
    }

    void open(FakeClient client, long sessionId) {
        submissions.removeLast();
        deliver(new Delivery.SessionOpened(client.connection.id, sessionId, 30_000));
        client.handshake();
        client.readingChanges.clear();
    }

    static byte[] password(long sessionId) {
        return SessionIds.password(sessionId);
    }

    /** Commits what was submitted first. */
    void commitNext() {
        switch (submissions.removeFirst()) {
            case Submission.Submit s
            when s.type() == OpCode.SYNC -> deliver(new Delivery.Synced(s.connection(), s.sessionId(), s.cxid()));
            case Submission.Submit s ->
                commit(s.sessionId(), s.cxid(), txn(Request.read(s.type(), new Reader(s.body()))));
            case Submission other -> throw new AssertionError("not a write: " + other);
        }
    }

    void commitAll() {
        while (!submissions.isEmpty()) {
            commitNext();
        }
    }

    /** Commits a transaction; session 0 is somebody on another server. */
    void commit(long sessionId, int cxid, Txn txn) {
        Applied applied = head.apply(new TxnHeader(sessionId, cxid, head.lastZxid() + 1, 1, txn.type()), txn);
        head = applied.after();
        Outcome outcome = txn instanceof Txn.Error(int err) ? new Outcome.Failed(err) : applied.outcome();
        deliver(new Delivery.Committed(head.lastZxid(), sessionId, cxid, txn.type(), outcome, applied.changes(), head));
    }

    void createdElsewhere(String path) {
        commit(0, 1, txn(create(path)));
    }

    void setElsewhere(String path, String data) {
        commit(0, 1, txn(set(path, data)));
    }

    void deletedElsewhere(String path) {
        commit(0, 1, txn(new Request.Delete(path, -1)));
    }

    private Txn txn(Request request) {
        return switch (request) {
            case Request.Create create
            when head.find(create.path()) == null ->
                new Txn.Create(create.path(), create.data(), create.acl(), false, 1);
            case Request.Create create -> new Txn.Error(ErrorCode.NODE_EXISTS.code());
            case Request.SetData set -> {
                Znode node = head.find(set.path());
                yield node == null
                        ? new Txn.Error(ErrorCode.NO_NODE.code())
                        : new Txn.SetData(set.path(), set.data(), node.version() + 1);
            }
            case Request.Delete delete when head.find(delete.path()) != null -> new Txn.Delete(delete.path());
            case Request.Delete delete -> new Txn.Error(ErrorCode.NO_NODE.code());
            case Request.CloseSession close -> new Txn.CloseSession(new ArrayList<>());
            default -> throw new AssertionError("this core knows no " + request);
        };
    }

    static Request create(String path) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, 0);
    }

    static Request set(String path, String data) {
        return new Request.SetData(path, data.getBytes(java.nio.charset.StandardCharsets.UTF_8), -1);
    }
}
