package dev.paddock.cli.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes what one server reads at its start: {@code zoo.cfg} and {@code myid}. */
final class ServerFiles {
    /** What an ensemble cannot start without, as in ZooKeeper's own sample; the manifest may say otherwise. */
    private static final Map<String, String> DEFAULTS = Map.of("tickTime", "2000", "initLimit", "10", "syncLimit", "5");

    private ServerFiles() {}

    /**
     * Writes the files of server {@code id} into its folder; data that is there stays.
     *
     * @param config further keys of {@code zoo.cfg}, from the manifest
     * @return the path of {@code zoo.cfg}
     */
    static Path write(Path folder, int id, int servers, Ports ports, Map<String, String> config) throws IOException {
        Path data = folder.resolve("data");
        Files.createDirectories(data);
        Files.writeString(data.resolve("myid"), id + "\n");
        Path file = folder.resolve("zoo.cfg");
        Files.write(file, lines(data, id, servers, ports, config));
        return file;
    }

    private static List<String> lines(Path data, int id, int servers, Ports ports, Map<String, String> config) {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by `paddock up` at each start.");
        SortedMap<String, String> keys = new TreeMap<>(DEFAULTS);
        keys.putAll(config);
        keys.forEach((key, value) -> lines.add(key + "=" + value));
        lines.add("dataDir=" + data);
        lines.add("clientPort=" + ports.client(id));
        lines.add("clientPortAddress=" + Ports.HOST);
        lines.add("4lw.commands.whitelist=*"); // only this machine can ask
        lines.add("admin.serverAddress=" + Ports.HOST);
        lines.add("admin.serverPort=" + ports.admin(id));
        if (servers > 1) {
            for (int peer = 1; peer <= servers; peer++) {
                lines.add("server." + peer + "=" + Ports.HOST + ":" + ports.quorum(peer) + ":" + ports.election(peer));
            }
        }
        return lines;
    }
}
