package dev.paddock.node.config;

import dev.paddock.node.config.NodeConfig.Admin;
import dev.paddock.node.config.NodeConfig.ClientPort;
import dev.paddock.node.config.NodeConfig.Ensemble;
import dev.paddock.node.config.NodeConfig.Storage;
import dev.paddock.node.config.NodeConfig.Timing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the entries of one {@code zoo.cfg} into a {@link NodeConfig}. Used once, then dropped. */
final class ConfigParser {
    /** Keys whose neglect would leave a port open or split an ensemble, and the value that makes them harmless. */
    private static final List<Refused> REFUSED = List.of(
            new Refused("secureClientPort", ""),
            new Refused("sslQuorum", "false"),
            new Refused("portUnification", "false"),
            new Refused("quorum.auth.enableSasl", "false"),
            new Refused("quorum.auth.learnerRequireSasl", "false"),
            new Refused("quorum.auth.serverRequireSasl", "false"),
            new Refused("sessionRequireClientSASLAuth", "false"),
            new Refused("enforce.auth.enabled", "false"),
            new Refused("multiAddress.enabled", "false"),
            new Refused("oraclePath", ""));

    private static final int SNAP_RETAIN_MIN = 3;
    private static final int FRAME_BYTES_DEFAULT = 0xfffff;

    private record Refused(String key, String harmless) {}

    private final PropertiesFile file;
    private final Set<String> asked = new LinkedHashSet<>(); // every key something here has looked at
    private final List<String> warnings = new ArrayList<>();

    ConfigParser(PropertiesFile file) {
        this.file = file;
    }

    NodeConfig parse() throws ConfigException {
        refuseWhatWouldBeUnsafeToIgnore();
        Storage storage = storage();
        Ensemble ensemble = new EnsembleParser(this, file).parse(storage.dataDir());
        Timing timing = timing(ensemble);
        ClientPort clientPort = clientPort(ensemble);
        Admin admin = admin();
        List<String> unknown = file.entries().keySet().stream()
                .filter(key -> !asked.contains(key))
                .toList();
        for (String key : file.duplicates()) {
            warn(key, "is set more than once; the last line counts");
        }
        return new NodeConfig(
                file.path(), storage, clientPort, timing, ensemble, admin, unknown, List.copyOf(warnings));
    }

    private void refuseWhatWouldBeUnsafeToIgnore() throws ConfigException {
        for (Refused refused : REFUSED) {
            Optional<String> value = text(refused.key());
            if (value.isPresent() && !value.get().equalsIgnoreCase(refused.harmless())) {
                throw file.error(
                        refused.key(),
                        "is not supported by this version, and ignoring it would be unsafe; "
                                + "remove the line to start without it");
            }
        }
    }

    private Storage storage() throws ConfigException {
        Path dataDir = folder("dataDir")
                .orElseThrow(() -> file.error("dataDir", "is not set; add dataDir=/path/to/a/folder/on/disk"));
        int retain = integer("autopurge.snapRetainCount", SNAP_RETAIN_MIN, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (retain < SNAP_RETAIN_MIN) {
            warn("autopurge.snapRetainCount", "is below " + SNAP_RETAIN_MIN + "; " + SNAP_RETAIN_MIN + " is used");
        }
        return new Storage(
                dataDir,
                folder("dataLogDir").orElse(dataDir),
                integer("snapCount", 100_000, 2, Integer.MAX_VALUE),
                1024L * integer("preAllocSize", 65_536, 0, 4 << 20),
                Math.max(SNAP_RETAIN_MIN, retain),
                integer("autopurge.purgeInterval", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                bool("snapshot.trust.empty", false));
    }

    private Timing timing(Ensemble ensemble) throws ConfigException {
        int tick = integer("tickTime", 3000, 1, 3_600_000);
        int min = integer("minSessionTimeout", -1, -1, Integer.MAX_VALUE);
        int max = integer("maxSessionTimeout", -1, -1, Integer.MAX_VALUE);
        min = min == -1 ? 2 * tick : min;
        max = max == -1 ? 20 * tick : max;
        if (min > max) {
            throw file.error("minSessionTimeout", min + " is above maxSessionTimeout " + max + "; lower it");
        }
        return new Timing(tick, limit("initLimit", ensemble, 10), limit("syncLimit", ensemble, 5), min, max);
    }

    private int limit(String key, Ensemble ensemble, int example) throws ConfigException {
        boolean needed = !ensemble.isStandalone();
        int limit = integer(key, 0, 0, 1_000_000);
        if (needed && limit == 0) {
            throw file.error(key, "is not set, and an ensemble needs it; add for example " + key + "=" + example);
        }
        return limit;
    }

    private ClientPort clientPort(Ensemble ensemble) throws ConfigException {
        int port = integer("clientPort", 0, 0, 65_535);
        Optional<String> host = text("clientPortAddress").filter(text -> !text.isEmpty());
        if (port == 0 && host.isPresent()) {
            throw file.error("clientPortAddress", "is set but clientPort is not; add for example clientPort=2181");
        }
        Optional<Address> local = port == 0 ? Optional.empty() : Optional.of(new Address(host.orElse("0.0.0.0"), port));
        Optional<Address> listed = ensemble.own().flatMap(ServerSpec::client);
        if (local.isPresent() && listed.isPresent() && !local.equals(listed)) {
            throw file.error(
                    "clientPort",
                    local.get() + " differs from " + listed.get() + " in server." + ensemble.self()
                            + "; keep one of the two");
        }
        Address address = local.or(() -> listed)
                .orElseThrow(() -> file.error("clientPort", "is not set; add for example clientPort=2181"));
        return new ClientPort(
                address,
                integer("maxClientCnxns", 60, 0, Integer.MAX_VALUE),
                integer("jute.maxbuffer", FRAME_BYTES_DEFAULT, 1024, 1 << 30),
                words(text("4lw.commands.whitelist").orElse("srvr")));
    }

    private Admin admin() throws ConfigException {
        Address address = new Address(
                text("admin.serverAddress").orElse("0.0.0.0"), integer("admin.serverPort", 8080, 1, 65_535));
        return new Admin(
                bool("admin.enableServer", true),
                address,
                text("admin.commandURL").orElse("/commands"));
    }

    private static Set<String> words(String list) {
        Set<String> words = new LinkedHashSet<>();
        for (String word : list.split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.trim());
            }
        }
        return Collections.unmodifiableSet(words);
    }

    Optional<String> text(String key) {
        asked.add(key);
        return file.find(key).map(PropertiesFile.Entry::value);
    }

    void warn(String key, String sentence) {
        int line = file.find(key).map(PropertiesFile.Entry::line).orElse(0);
        warnings.add(file.path() + (line > 0 ? ":" + line : "") + ": " + key + ": " + sentence);
    }

    boolean bool(String key, boolean absent) throws ConfigException {
        String value = text(key).orElse(Boolean.toString(absent));
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        if (value.equalsIgnoreCase("false")) {
            return false;
        }
        throw file.error(key, "'" + value + "' is neither true nor false");
    }

    int integer(String key, int absent, int min, int max) throws ConfigException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return absent;
        }
        String range = min == Integer.MIN_VALUE ? "" : " from " + min + " to " + max;
        try {
            int parsed = Integer.parseInt(value.get());
            if (parsed >= min && parsed <= max) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw file.error(key, "'" + value.get() + "' is not a whole number" + range);
        }
        throw file.error(key, value.get() + " is not a number" + range);
    }

    private Optional<Path> folder(String key) throws ConfigException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get().isEmpty()) {
            throw file.error(key, "is empty; name a folder");
        }
        try {
            return Optional.of(Path.of(value.get()));
        } catch (java.nio.file.InvalidPathException e) {
            throw file.error(key, "is not a path: " + e.getReason());
        }
    }
}
