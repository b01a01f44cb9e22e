package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.session.SessionModes;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Acl;
import dev.paddock.wire.QuorumPacket;
import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers whose sids make session ids negative. */
class HighSidTest {
    private static final long LIMIT = 20 * Simulation.SECOND;
    private static final long LEADER = 255;
    private static final long FOLLOWER = 254;
    private static final int SID_SHIFT = 56;

    private final Simulation sim = Simulation.serversFrom(253, 3, 1);
    private final List<Runnable> held = new ArrayList<>();

    private static Request create(String path, int flags) {
        return new Request.Create(path, new byte[0], Acl.OPEN_UNSAFE, flags);
    }

    private void settle(SimClient client, Request request) {
        List<Integer> errors = new ArrayList<>();
        client.ask(request, answer -> errors.add(answer.error()));
        sim.runUntil(s -> !errors.isEmpty(), LIMIT);
        assertThat(errors).containsExactly(0);
    }

    /**
     * The write of a session arrives after its end. Its leader gave the session its id, so it is nobody's local session, and
     * the write comes too late.
     */
    @Test
    void theLeaderKnowsItsOwnDeadSessionsFromOthersLocalOnes() {
        sim.modes = new SessionModes(true, true, false);
        sim.start();
        sim.runUntil(Simulation::isServing, LIMIT);
        assertThat(sim.leader().sid).isEqualTo(LEADER);
        SimClient client = sim.client();
        client.nextServer = LEADER;
        client.timeoutMillis = 10_000;
        sim.runUntil(s -> client.isOpen(), LIMIT);
        long session = client.sessionId();
        assertThat(session >>> SID_SHIFT).isEqualTo(LEADER);
        settle(client, create("/mine", 1)); // makes the session global, so that it can move
        client.nextServer = FOLLOWER;
        client.hangUp();
        sim.runUntil(s -> client.isOpen(), LIMIT);
        settle(client, create("/there", 0));

        sim.network.tap = (from, to, packet, arrival) ->
                to == LEADER && packet.type() == QuorumPacket.REQUEST && held.isEmpty() && held.add(arrival);
        client.ask(create("/late", 0), answer -> {});
        client.ask(new Request.CloseSession(), answer -> {});
        sim.runUntil(s -> state().sessionTimeoutMillis(session) < 0, LIMIT);
        client.stop();
        long before = state().lastZxid();
        assertThat(held).hasSize(1);
        held.getFirst().run();
        sim.runUntil(s -> state().lastZxid() > before, LIMIT); // by the refusal
        assertThat(state().find("/there")).isNotNull();
        assertThat(state().find("/late")).isNull();
    }

    private Database state() {
        return sim.server(LEADER).replica().committed();
    }
}
