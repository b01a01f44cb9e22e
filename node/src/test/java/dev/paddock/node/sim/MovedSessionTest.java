package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.QuorumPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** A client that goes from one server to another with its session. */
class MovedSessionTest {
    private record Held(QuorumPacket packet, Runnable arrival) {}

    /** Until the leader has let the session go from the server where it was, that server could still write for it. */
    @Test
    void isServedAgainOnlyWhenTheLeaderHasLetItGo() {
        Script story = new Script(3);
        Simulation sim = story.sim;
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2, 3);
        Deque<Held> held = new ArrayDeque<>(); // what the leader tells server 1, from the new session on
        sim.network.tap = (from, to, packet, arrival) -> {
            boolean begins = packet.type() == QuorumPacket.COMMIT;
            if (from != 3 || to != 1 || (held.isEmpty() && !begins)) return false;
            held.addLast(new Held(packet, arrival));
            return true;
        };
        SimClient client = sim.client();
        client.nextServer = 3;
        sim.runUntil(s -> client.isOpen() && !held.isEmpty(), Script.LIMIT);
        client.nextServer = 1;
        client.hangUp();
        sim.runUntil(s -> held.stream().anyMatch(h -> h.packet().type() == QuorumPacket.REVALIDATE), Script.LIMIT);
        while (held.getFirst().packet().type() != QuorumPacket.REVALIDATE)
            held.removeFirst().arrival().run();
        story.run(100);
        assertThat(client.isOpen()).isFalse();
        sim.network.tap = (from, to, packet, arrival) -> false;
        while (!held.isEmpty()) held.removeFirst().arrival().run();
        sim.runUntil(s -> client.isOpen(), Script.LIMIT);
        assertThat(client.sessionsLost).isZero();
        story.calm();
    }
}
