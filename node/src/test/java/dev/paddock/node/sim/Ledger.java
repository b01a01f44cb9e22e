package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.tree.Database;
import dev.paddock.node.tree.Outcome;
import dev.paddock.node.zab.Proposal;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Zxid;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the writes and sessions of clients. Writes are linearizable: each happens once, as the transaction that
 * it is answered with, after everything that anybody knew to have happened when it was asked for. Those of one session
 * happen in the order in which it asked. A session does not end before its time.
 */
final class Ledger {
    private static final double NANOS_PER_MILLI = 1e6;

    private record Asked(long sessionId, int cxid) {}

    private final Simulation sim;
    private final Map<Asked, Request> asked = new HashMap<>();
    private final Map<Long, String> hasty = new HashMap<>(); // zxid of what may end a session too early, and why
    private final Map<Asked, Long> done = new HashMap<>(); // to zxid
    private final Map<Long, TreeMap<Integer, Long>> happened =
            new HashMap<>(); // session to cxid to zxid, refusals left out

    Ledger(Simulation sim) {
        this.sim = sim;
    }

    /** A client asks for something. */
    void asked(long sessionId, SimClient.Call call) {
        asked.put(new Asked(sessionId, call.xid), call.request);
    }

    /** A transaction is history. */
    void committed(Delivery.Committed c) {
        if (c.type() == OpCode.CLOSE_SESSION) ended(c);
        if (c.cxid() <= 0 || c.type() == OpCode.CREATE_SESSION) return; // of no client
        wasAsked(c);
        Long before = done.putIfAbsent(new Asked(c.sessionId(), c.cxid()), c.zxid());
        if (before != null) {
            throw new AssertionError("%s: request %d of session %x was done at %s and again at %s"
                    .formatted(sim, c.cxid(), c.sessionId(), Zxid.toString(before), Zxid.toString(c.zxid())));
        }
        if (!isRefused(c.outcome())) inOrder(c);
    }

    /** Nothing happens that nobody asked for. */
    private void wasAsked(Delivery.Committed c) {
        Request request = asked.get(new Asked(c.sessionId(), c.cxid()));
        boolean isAlike = request != null && (isRefused(c.outcome()) || request.opCode() == c.type());
        if (!isAlike) {
            throw new AssertionError("%s: request %d of session %x was %s, and %s happened at %s"
                    .formatted(sim, c.cxid(), c.sessionId(), request, c, Zxid.toString(c.zxid())));
        }
    }

    private static boolean isRefused(Outcome outcome) {
        return outcome instanceof Outcome.Failed
                || (outcome instanceof Outcome.Multi(var results)
                        && results.stream().anyMatch(Ledger::isRefused));
    }

    /** In the order in which its session asked, at whatever server. What is seen late may have happened long ago. */
    private void inOrder(Delivery.Committed c) {
        TreeMap<Integer, Long> all = happened.computeIfAbsent(c.sessionId(), id -> new TreeMap<>());
        Map.Entry<Integer, Long> before = all.lowerEntry(c.cxid());
        Map.Entry<Integer, Long> after = all.higherEntry(c.cxid());
        boolean isInOrder =
                (before == null || before.getValue() < c.zxid()) && (after == null || after.getValue() > c.zxid());
        if (!isInOrder) {
            throw new AssertionError(
                    "%s: request %d of session %x happened at %s, not between those asked before and after it: %s, %s"
                            .formatted(sim, c.cxid(), c.sessionId(), Zxid.toString(c.zxid()), before, after));
        }
        all.put(c.cxid(), c.zxid());
    }

    /** A client is told of its write. */
    void answered(SimClient client, SimClient.Call call, SimClient.Answered a) {
        if (a.isWithoutTxn()) return;
        boolean mayBeLocal = sim.modes.local() || client.isServedReadOnly;
        if (mayBeLocal && call.request instanceof Request.CloseSession) return; // perhaps no transaction
        assertThat(a.zxid())
                .as("%s: client %d wrote before what was known when it asked", sim, client.number)
                .isGreaterThan(call.knownZxid);
        assertThat(done.get(new Asked(client.sessionId(), call.xid)))
                .as("%s: client %d was told that %s happened at %s", sim, client.number, call.request, a.zxid())
                .isEqualTo(a.zxid());
    }

    /** The leader had heard of the session when it proposed what the client was told of, and waits its timeout from then. */
    private void ended(Delivery.Committed c) {
        sim.tally.count("sessions that ended");
        String early = hasty.get(c.zxid());
        if (early != null) throw new AssertionError(early);
        for (SimClient client : sim.clients) {
            if (client.sessionId() != c.sessionId() || client.asksToClose()) continue;
            assertThat((sim.nowNanos - client.provenNanos) / NANOS_PER_MILLI)
                    .as("%s: milliseconds after which the session of client %d ended", sim, client.number)
                    .isGreaterThanOrEqualTo(client.agreedMillis / (1 + Troubles.DRIFT_MAX));
        }
    }

    /** Likewise of pings; it may not know yet of one that was answered after this. */
    void proposed(Proposal p) {
        TxnHeader header = TxnRecord.parse(p.payload()).header();
        if (header.type() != OpCode.CLOSE_SESSION) return;
        for (SimClient client : sim.clients) {
            if (client.sessionId() != header.sessionId() || client.asksToClose()) continue;
            double millis = (sim.nowNanos - client.heardOfNanos()) / NANOS_PER_MILLI;
            if (millis < client.agreedMillis / (1 + Troubles.DRIFT_MAX))
                hasty.put(
                        p.zxid(),
                        "%s: milliseconds after which the session of client %d was to end though its leader had heard of a ping: %s"
                                .formatted(sim, client.number, millis));
        }
    }

    /** Whether every session belongs to a client that has not given it up. */
    boolean hasNoOrphans(Database state) {
        boolean[] all = {true};
        state.forEachSession(
                (id, timeoutMillis) -> all[0] &= sim.clients.stream().anyMatch(client -> client.sessionId() == id));
        return all[0];
    }
}
