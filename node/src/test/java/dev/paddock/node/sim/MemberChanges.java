package dev.paddock.node.sim;

import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A client that changes the members at random. */
final class MemberChanges {
    private static final String PARTICIPANT = "participant";

    private final Simulation sim;
    private final SimClient client;

    MemberChanges(Simulation sim) {
        this.sim = sim;
        this.client = sim.client();
    }

    /** Asks for a change, and says which; says nothing if it cannot ask now. */
    String change(SplittableRandom dice) {
        if (!client.isOpen() || client.outstanding() > 0) return "";
        Request.Reconfig request = request(dice);
        client.ask(request, answered -> {
            if (answered.error() != 0) return;
            boolean isGrouped =
                    request.newMembers() != null && request.newMembers().contains("group.");
            if (isGrouped) sim.tally.count("changes to members in groups");
            sim.tally.count("changes of members");
            sim.trace("members changed at " + Long.toHexString(answered.zxid()));
        });
        return "a change of members is asked for: " + told(request);
    }

    private static String told(Request.Reconfig request) {
        if (request.joiningServers() != null) return "joining " + request.joiningServers();
        if (request.leavingServers() != null) return "leaving " + request.leavingServers();
        return "from now on " + String.valueOf(request.newMembers()).replace('\n', ' ');
    }

    private Request.Reconfig request(SplittableRandom dice) {
        long sid = any(dice).sid;
        return switch (dice.nextInt(4)) {
            case 0 -> new Request.Reconfig(null, Long.toString(sid), null, -1);
            case 1 -> new Request.Reconfig(Simulation.line(sid, "observer"), null, null, -1);
            case 2 -> new Request.Reconfig(null, null, some(dice), -1);
            default -> new Request.Reconfig(Simulation.line(sid, PARTICIPANT), null, null, -1);
        };
    }

    private SimServer any(SplittableRandom dice) {
        return sim.servers.get(dice.nextInt(sim.servers.size()));
    }

    private String some(SplittableRandom dice) {
        List<String> lines = new ArrayList<>();
        for (SimServer server : sim.servers) {
            if (dice.nextInt(3) > 0)
                lines.add(Simulation.line(server.sid, dice.nextInt(5) > 0 ? PARTICIPANT : "observer"));
        }
        if (sim.grouped && dice.nextBoolean()) group(lines, dice);
        return String.join("\n", lines);
    }

    /** Each voter in one of two groups, with a weight that may be 0. */
    private void group(List<String> lines, SplittableRandom dice) {
        var groups = new TreeMap<Integer, String>();
        for (String line : List.copyOf(lines)) {
            if (!line.contains(PARTICIPANT)) continue;
            String sid = line.substring("server.".length(), line.indexOf('='));
            groups.merge(1 + dice.nextInt(2), sid, (some, more) -> some + ":" + more);
            lines.add("weight." + sid + "=" + dice.nextInt(4));
        }
        groups.forEach((group, sids) -> lines.add("group." + group + "=" + sids));
    }
}
