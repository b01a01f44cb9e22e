package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.front.Delivery;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Zxid;
import java.util.Map;
import java.util.TreeMap;

/** Watches every server and knows what must never happen. */
final class Oracle {
    private static final long COMPARED_EVERY = 256; // comparing whole trees at each commit would be quadratic

    private final Simulation sim;
    private final Map<Long, Long> leaders = new TreeMap<>(); // epoch to sid
    private final Map<Long, Delivery.Committed> history = new TreeMap<>(); // zxid to what was committed, first seen
    private final Map<Long, Long> before = new TreeMap<>(); // zxid to the zxid committed just before it
    private final Map<Long, Long> reached = new TreeMap<>(); // sid to the zxid of its state
    private final Map<Long, Database> states = new TreeMap<>(); // zxid to the state, first seen
    long commits;

    Oracle(Simulation sim) {
        this.sim = sim;
        states.put(0L, Database.empty());
    }

    /** One history: everybody commits the same after the same, and comes to the same tree. */
    void committed(SimServer server, Delivery.Committed c) {
        commits++;
        long last = reached.get(server.sid);
        Long known = before.putIfAbsent(c.zxid(), last);
        assertThat(known == null ? last : known)
                .as("%s: server %d committed %s after %s", sim, server.sid, hex(c.zxid()), hex(last))
                .isEqualTo(last);
        Delivery.Committed first = history.putIfAbsent(c.zxid(), c);
        if (first != null) {
            assertThat(first.sessionId() == c.sessionId()
                            && first.cxid() == c.cxid()
                            && first.type() == c.type()
                            && first.outcome().equals(c.outcome()))
                    .as("%s: server %d committed another %s: %s, %s", sim, server.sid, hex(c.zxid()), first, c)
                    .isTrue();
        }
        reached.put(server.sid, c.zxid());
        if (c.zxid() % COMPARED_EVERY == 0) sameState(server, c.after());
    }

    /** One leader an epoch, and a new leader holds all that was acknowledged. */
    void serving(SimServer server, Database view) {
        reached.put(server.sid, view.lastZxid());
        if (server.isLeading()) {
            sameState(server, view);
            long epoch = server.replica().peer().epoch();
            Long other = leaders.putIfAbsent(epoch, server.sid);
            assertThat(other == null || other == server.sid)
                    .as("%s: epoch %d led by %s and by %d", sim, epoch, other, server.sid)
                    .isTrue();
            holdsAcknowledged(server, view);
        }
    }

    /** What must hold of a server at the end. */
    void calm(SimServer server) {
        Database state = server.replica().committed();
        sameState(server, state);
        holdsAcknowledged(server, state);
        state.forEachEphemeralOwner((session, count) -> assertThat(state.sessionTimeoutMillis(session))
                .as("%s: server %d keeps ephemerals of a session that ended", sim, server.sid)
                .isPositive());
    }

    private void holdsAcknowledged(SimServer server, Database view) {
        for (SimClient client : sim.clients) {
            for (String path : client.acknowledged) {
                assertThat(view.find(path))
                        .as("%s: server %d at %s lost %s", sim, server.sid, hex(view.lastZxid()), path)
                        .isNotNull();
            }
        }
    }

    private void sameState(SimServer server, Database state) {
        Database first = states.putIfAbsent(state.lastZxid(), state);
        if (first == null || first == state) return;
        assertThat(first.difference(state))
                .as("%s: server %d differs at %s", sim, server.sid, hex(state.lastZxid()))
                .isNull();
    }

    private static String hex(long zxid) {
        return Zxid.toString(zxid);
    }
}
