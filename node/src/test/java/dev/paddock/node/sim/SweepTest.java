package dev.paddock.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.replica.SweepPace;
import dev.paddock.node.tree.Database;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import org.junit.jupiter.api.Test;

/** The leader deletes containers that nobody uses; when it dies amid that, the next leader goes on. */
class SweepTest {
    private static final int CONTAINERS = 40;

    private final Script story = new Script(3);
    private final Simulation sim = story.sim;
    private int answers;

    @Test
    void theNextLeaderGoesOnWhereOneDied() {
        sim.sweep = new SweepPace(2_000, 600, 0);
        story.boot(1, 2, 3);
        story.awaitLeader(3);
        story.awaitServing(1, 2, 3);
        SimClient client = sim.client();
        client.nextServer = 1;
        client.timeoutMillis = 10_000;
        sim.runUntil(s -> client.isOpen(), Script.LIMIT);
        ask(client, container("/never"));
        ask(client, container("/busy"));
        ask(client, new Request.Create("/busy/child", null, Acl.OPEN_UNSAFE, 0));
        for (int i = 0; i < CONTAINERS; i++) {
            ask(client, container("/c" + i));
            ask(client, new Request.Create("/c" + i + "/child", null, Acl.OPEN_UNSAFE, 0));
            ask(client, new Request.Delete("/c" + i + "/child", -1));
        }
        sim.runUntil(s -> answers == 3 + 3 * CONTAINERS, Script.LIMIT);
        sim.runUntil(s -> left(2) < CONTAINERS && left(2) > 5, Script.LIMIT);
        assertThat(left(2)).as("not all at once").isGreaterThan(5);
        sim.server(3).crash();
        sim.runUntil(s -> left(1) == 0 && left(2) == 0, Script.LIMIT);
        sim.server(3).boot();
        sim.runUntil(s -> sim.server(3).isServing() && left(3) == 0, Script.LIMIT);
        for (SimServer server : sim.servers) {
            Database state = server.replica().committed();
            assertThat(state.find("/never")).isNotNull();
            assertThat(state.find("/busy/child")).isNotNull();
            assertThat(server.replica().digests().mismatches()).isZero();
        }
    }

    private void ask(SimClient client, Request request) {
        client.ask(request, answered -> {
            assertThat(answered.error()).as(request.toString()).isZero();
            answers++;
        });
    }

    private static Request container(String path) {
        return new Request.CreateContainer(path, null, Acl.OPEN_UNSAFE, 4);
    }

    /** How many of those that lost their child are left on a server. */
    private long left(long sid) {
        return sim.server(sid).replica().committed().containers().stream()
                .filter(path -> path.startsWith("/c"))
                .count();
    }
}
