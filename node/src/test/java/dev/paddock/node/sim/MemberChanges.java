package dev.paddock.node.sim;

import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;

/** A client that changes the members at random while it is on. */
final class MemberChanges {
    private final Simulation sim;
    private final SimClient client;
    private boolean on = true;
    int changed;

    MemberChanges(Simulation sim) {
        this.sim = sim;
        this.client = sim.client();
        next();
    }

    private void next() {
        sim.after((long) (sim.random.nextDouble() * 500_000_000L), () -> {
            if (!on) return;
            if (client.isOpen() && client.outstanding() == 0) change();
            next();
        });
    }

    void stop() {
        on = false;
    }

    private void change() {
        client.ask(request(), answered -> {
            if (answered.error() != 0) return;
            changed++;
            sim.trace("members changed at " + Long.toHexString(answered.zxid()));
        });
    }

    private Request.Reconfig request() {
        return switch (sim.random.nextInt(4)) {
            case 0 -> new Request.Reconfig(null, Long.toString(sim.anySid()), null, -1);
            case 1 -> new Request.Reconfig(Simulation.line(sim.anySid(), "observer"), null, null, -1);
            case 2 -> new Request.Reconfig(null, null, some(), -1);
            default -> new Request.Reconfig(Simulation.line(sim.anySid(), "participant"), null, null, -1);
        };
    }

    private String some() {
        List<String> lines = new ArrayList<>();
        for (SimServer server : sim.servers) {
            if (sim.random.nextInt(3) > 0) {
                lines.add(Simulation.line(server.sid, sim.random.nextInt(5) > 0 ? "participant" : "observer"));
            }
        }
        return String.join("\n", lines);
    }
}
