package dev.paddock.cli.migrate;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the system properties of a running server's JVM: what it was started with, or all that it has now. */
final class Flags {
    private static final String DEFINE = "-D";

    private Flags() {}

    /** From its process if that is here, else from its admin port; empty if neither can be looked at. */
    static Optional<Map<String, String>> of(Place place) {
        return ofProcess(place)
                .or(() -> place.adminUrl()
                        .flatMap(url -> Words.admin(url, "system_properties"))
                        .map(Report::properties));
    }

    private static Optional<Map<String, String>> ofProcess(Place place) {
        if (place.config().filter(Place.Config::isLocal).isEmpty()) return Optional.empty();
        NavigableSet<Long> pids = LocalServers.holders(place);
        if (pids.size() != 1) return Optional.empty();
        return ProcessHandle.of(pids.getFirst())
                .map(LocalServers::words)
                .filter(words -> !words.isEmpty())
                .map(Flags::defined);
    }

    /** Those of a command line; of two of one name the last counts. */
    static Map<String, String> defined(List<String> words) {
        Map<String, String> flags = new TreeMap<>();
        for (String word : words) {
            if (!word.startsWith(DEFINE)) continue;
            int equals = word.indexOf('=');
            String name = word.substring(DEFINE.length(), equals < 0 ? word.length() : equals);
            flags.put(name, equals < 0 ? "" : word.substring(equals + 1));
        }
        return flags;
    }
}
