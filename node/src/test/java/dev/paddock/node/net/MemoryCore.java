package dev.paddock.node.net;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.front.Submission;
import dev.paddock.node.request.AclRules;
import dev.paddock.node.request.Preparer;
import dev.paddock.node.request.Write;
import dev.paddock.node.session.SessionIds;
import dev.paddock.node.session.SessionTimeouts;
import dev.paddock.node.tree.Applied;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** A standalone server's core that forgets: no log, no expiry. Behind a {@link ClientPort} it is a server for tests. */
final class MemoryCore implements CoreMailbox, AutoCloseable {
    static final int TICK_MILLIS = 3_000;

    private record Owner(int loop, long connection) {}

    private final Executor thread;
    private final SessionIds ids = new SessionIds(1, 1);
    private final SessionTimeouts timeouts = SessionTimeouts.of(TICK_MILLIS, -1, -1);
    private final Map<Long, Owner> owners = new HashMap<>();
    private final List<List<Delivery>> outbox = new ArrayList<>();
    private Consumer<List<List<Delivery>>> port;
    private Database head = Database.empty();
    private volatile ServerStatus status = ServerStatus.NOT_SERVING;

    MemoryCore() {
        this(Executors.newSingleThreadExecutor());
    }

    /** Runs on this thread. */
    MemoryCore(Executor thread) {
        this.thread = thread;
    }

    /** Serves this port from now on. */
    void serve(ClientPort clientPort) {
        serve(clientPort.loops(), clientPort::deliver);
    }

    /** Serves so many client loops, which get what is given to {@code to}. */
    void serve(int loops, Consumer<List<List<Delivery>>> to) {
        thread.execute(() -> {
            port = to;
            while (outbox.size() < loops) {
                outbox.add(new ArrayList<>());
            }
            toAll(new Delivery.Serving(head, false));
            send();
        });
    }

    /** Does nothing until the latch is opened. */
    void hold(CountDownLatch latch) {
        thread.execute(() -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Serves nobody any more. */
    void stopServing() {
        thread.execute(() -> {
            toAll(new Delivery.NotServing(false));
            send();
            status = ServerStatus.NOT_SERVING;
        });
    }

    ServerStatus status() {
        return status;
    }

    @Override
    public void post(List<Submission> submissions) {
        thread.execute(() -> {
            submissions.forEach(this::handle);
            send();
        });
    }

    private void handle(Submission submission) {
        switch (submission) {
            case Submission.OpenSession open -> {
                long id = ids.next();
                int timeout = timeouts.negotiated(open.timeoutMillis());
                commit(new Write(id, 0, OpCode.CREATE_SESSION, timeoutBytes(timeout), List.of()));
                opened(new Owner(open.loop(), open.connection()), id);
            }
            case Submission.Reattach back -> {
                if (head.sessionTimeoutMillis(back.sessionId()) < 0) {
                    to(back.loop(), new Delivery.SessionRefused(back.connection()));
                } else {
                    Owner old = owners.get(back.sessionId());
                    if (old != null) {
                        to(old.loop, new Delivery.Detach(old.connection, back.sessionId()));
                    }
                    opened(new Owner(back.loop(), back.connection()), back.sessionId());
                }
            }
            case Submission.Submit s
            when s.type() == OpCode.SYNC -> to(s.loop(), new Delivery.Synced(s.connection(), s.sessionId(), s.cxid()));
            case Submission.Submit s -> commit(new Write(s.sessionId(), s.cxid(), s.type(), s.body(), s.ids()));
            case Submission.Disconnected gone ->
                owners.remove(gone.sessionId(), new Owner(gone.loop(), gone.connection()));
            case Submission.Touched touched -> {} // nothing expires here
        }
    }

    private static byte[] timeoutBytes(int timeoutMillis) {
        var w = new dev.paddock.wire.Writer(4);
        w.writeInt(timeoutMillis);
        return w.toByteArray();
    }

    private void opened(Owner owner, long id) {
        owners.put(id, owner);
        to(owner.loop, new Delivery.SessionOpened(owner.connection, id, head.sessionTimeoutMillis(id)));
    }

    private void commit(Write write) {
        TxnRecord record;
        try {
            record = Preparer.prepare(
                    head, write, AclRules.byDefault(), head.lastZxid() + 1, System.currentTimeMillis());
        } catch (WireException e) {
            Owner by = owners.get(write.sessionId());
            to(
                    by.loop,
                    new Delivery.Refused(by.connection, write.sessionId(), write.cxid(), ErrorCode.MARSHALLING_ERROR));
            return;
        }
        Applied applied = head.apply(record);
        head = applied.after();
        TxnHeader header = record.header();
        Outcome outcome = record.txn() instanceof Txn.Error(int err) ? new Outcome.Failed(err) : applied.outcome();
        toAll(new Delivery.Committed(
                header.zxid(), header.sessionId(), header.cxid(), header.type(), outcome, applied.changes(), head));
    }

    private void to(int loop, Delivery delivery) {
        outbox.get(loop).add(delivery);
    }

    private void toAll(Delivery delivery) {
        outbox.forEach(list -> list.add(delivery));
    }

    private void send() {
        status = new ServerStatus(true, true, false, "standalone", Optional.empty(), -1, head, Optional.empty());
        port.accept(List.copyOf(outbox));
        outbox.replaceAll(_ -> new ArrayList<>());
    }

    @Override
    public void close() {
        if (thread instanceof ExecutorService own) own.close();
    }
}
