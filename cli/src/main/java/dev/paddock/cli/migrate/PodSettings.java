package dev.paddock.cli.migrate;

import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.operator.migration.Settings;
import java.nio.file.Path;
import java.util.List;

/** What Paddock makes of the {@code zoo.cfg} that a cluster's pods get. */
public final class PodSettings {
    private static final Path FILE = Path.of("zoo.cfg");

    private PodSettings() {}

    /** Reads it as the first of the members that are in it would. */
    public static Settings of(String zooCfg) {
        try {
            NodeConfig node = NodeConfig.parse(FILE, zooCfg, first(zooCfg));
            return new Settings(Place.refusals(node), node.keysWithoutEffect(), List.of(), Place.wider(node));
        } catch (ConfigException e) {
            return new Settings(List.of(String.valueOf(e.getMessage())), List.of(), List.of(), List.of());
        }
    }

    private static long first(String zooCfg) {
        return zooCfg.lines()
                .filter(line -> line.matches("server[.][0-9]+=.*"))
                .map(line -> Long.parseLong(line.substring("server.".length(), line.indexOf('='))))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no members in " + zooCfg));
    }
}
