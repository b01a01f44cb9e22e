package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Request;
import dev.paddock.wire.Zxid;
import java.util.HashMap;
import java.util.Map;

/**
 * What became of the writes and sessions of clients. Writes are linearizable: each happens once, as the transaction that
 * it is answered with, after everything that anybody knew to have happened when it was asked for. A session does not end
 * before its time.
 */
final class Ledger {
    private static final double NANOS_PER_MILLI = 1e6;

    private record Asked(long sessionId, int cxid) {}

    private final Simulation sim;
    private final Map<Asked, Long> done = new HashMap<>(); // to zxid

    Ledger(Simulation sim) {
        this.sim = sim;
    }

    /** A transaction is history. */
    void committed(Delivery.Committed c) {
        if (c.type() == OpCode.CLOSE_SESSION) ended(c.sessionId());
        if (c.cxid() <= 0 || c.type() == OpCode.CREATE_SESSION) return; // of no client
        Long before = done.putIfAbsent(new Asked(c.sessionId(), c.cxid()), c.zxid());
        if (before != null) {
            throw new AssertionError("%s: request %d of session %x was done at %s and again at %s"
                    .formatted(sim, c.cxid(), c.sessionId(), Zxid.toString(before), Zxid.toString(c.zxid())));
        }
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
    private void ended(long sessionId) {
        for (SimClient client : sim.clients) {
            if (client.sessionId() != sessionId || client.asksToClose()) continue;
            assertThat((sim.nowNanos - client.provenNanos) / NANOS_PER_MILLI)
                    .as("%s: milliseconds after which the session of client %d ended", sim, client.number)
                    .isGreaterThanOrEqualTo(client.agreedMillis / (1 + Troubles.DRIFT_MAX));
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
