package dev.paddock.node.sim;

import dev.paddock.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A client that changes the members at random. Where one of them moves, each configuration has two others besides: who comes back after a
 * move finds one that is still where it was.
 */
final class MemberChanges {
    private static final String PARTICIPANT = "participant";
    private static final int PLACES = 2;
    private static final int OTHERS_MIN = 2;

    private final Simulation sim;
    private final SimClient client;
    private int place; // of the mover, by the last change that was answered and names it

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
            countMove(request);
            if (isGrouped) sim.tally.count("changes to members in groups");
            sim.tally.count("changes of members");
            sim.trace("members changed at " + Long.toHexString(answered.zxid()));
        });
        return "a change of members is asked for: " + told(request);
    }

    private void countMove(Request.Reconfig request) {
        int before = place;
        Stream.of(request.joiningServers(), request.newMembers())
                .filter(Objects::nonNull)
                .flatMap(String::lines)
                .filter(this::isOfMover)
                .forEach(line -> place = placeIn(line));
        if (place != before) sim.tally.count("members that moved");
    }

    private static int placeIn(String line) {
        return line.contains(":2888:") ? 0 : 1;
    }

    private static String told(Request.Reconfig request) {
        if (request.joiningServers() != null) return "joining " + request.joiningServers();
        if (request.leavingServers() != null) return "leaving " + request.leavingServers();
        return "from now on " + String.valueOf(request.newMembers()).replace('\n', ' ');
    }

    private Request.Reconfig request(SplittableRandom dice) {
        long sid = any(dice).sid;
        return switch (dice.nextInt(4)) {
            case 0 -> sim.moves ? all(dice) : new Request.Reconfig(null, Long.toString(sid), null, -1);
            case 1 -> new Request.Reconfig(line(sid, "observer", dice), null, null, -1);
            case 2 -> all(dice);
            default -> new Request.Reconfig(line(sid, PARTICIPANT, dice), null, null, -1);
        };
    }

    private Request.Reconfig all(SplittableRandom dice) {
        List<String> lines = some(dice);
        while (sim.moves && lines.stream().filter(line -> !isOfMover(line)).count() < OTHERS_MIN) lines = some(dice);
        if (sim.grouped && dice.nextBoolean()) group(lines, dice);
        return new Request.Reconfig(null, null, String.join("\n", lines), -1);
    }

    private String line(long sid, String role, SplittableRandom dice) {
        return Simulation.line(sid, role, sim.moves && sid == mover() ? dice.nextInt(PLACES) : 0);
    }

    /** Who moves now and then. */
    private long mover() {
        return sim.servers.get((int) (sim.seed % sim.servers.size())).sid;
    }

    private boolean isOfMover(String line) {
        return line.startsWith("server." + mover() + "=");
    }

    private SimServer any(SplittableRandom dice) {
        return sim.servers.get(dice.nextInt(sim.servers.size()));
    }

    private List<String> some(SplittableRandom dice) {
        List<String> lines = new ArrayList<>();
        for (SimServer server : sim.servers) {
            if (dice.nextInt(3) > 0) lines.add(line(server.sid, dice.nextInt(5) > 0 ? PARTICIPANT : "observer", dice));
        }
        return lines;
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
