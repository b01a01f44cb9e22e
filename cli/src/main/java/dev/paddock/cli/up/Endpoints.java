package dev.paddock.cli.up;

import dev.paddock.crds.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What the user reads when all is up: one table of endpoints, and lines to try. */
final class Endpoints {
    private Endpoints() {}

    static List<String> table(Processes processes, Ports ports, Members members, Roles roles) {
        List<String> lines = new ArrayList<>();
        lines.add(row("WHAT", "ADDRESS", "PID", ""));
        for (int id : processes.servers()) {
            String address = Ports.at(ports.client(id));
            lines.add(row(
                    "server " + id,
                    address,
                    Long.toString(processes.serverPid(id)),
                    roles.of(id) + kind(members.engine(id))));
        }
        String sidecar = Long.toString(processes.sidecarPid());
        lines.add(row("sidecar", "http://" + Ports.at(ports.sidecar()), sidecar, "locks, config, services"));
        lines.add(row("sidecar's admin", "http://" + Ports.at(ports.sidecarAdmin()), sidecar, "health"));
        lines.add(row("ZooKeeper proxy", Ports.at(ports.proxy()), sidecar, "for any ZooKeeper client"));
        return lines;
    }

    private static String kind(Engine engine) {
        return switch (engine) {
            case PADDOCK -> "";
            case ZOOKEEPER -> ", Apache ZooKeeper";
        };
    }

    private static String row(String... cells) {
        return String.format("  %-16s %-24s %-9s %s", (Object[]) cells).stripTrailing();
    }

    /** A lock, a config key, and a watch of that key. */
    static List<String> tries(Ports ports, SortedMap<String, String> keys) {
        String api = "localhost:" + ports.sidecar();
        String key = keys.isEmpty() ? "/app/greeting" : keys.firstKey();
        return List.of(
                "  curl -X PUT '" + api + "/v1/locks/demo?wait=5s'",
                "  curl " + api + "/v1/config" + key,
                "  curl -N -H 'Accept: text/event-stream' " + api + "/v1/config" + key);
    }
}
