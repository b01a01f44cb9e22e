package dev.paddock.node.config;

import dev.paddock.node.config.NodeConfig.Ensemble;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.members.ServerSpec.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The members of the ensemble and this server's place among them. Used once, then dropped. */
final class EnsembleParser {
    /** The highest sid whose session ids do not collide with the marks of TTL nodes. */
    private static final long SID_MAX = 254;

    private static final String PREFIX = "server.";

    private final Settings settings;
    private final PropertiesFile main;

    EnsembleParser(Settings settings, PropertiesFile main) {
        this.settings = settings;
        this.main = main;
    }

    Ensemble parse(Path dataDir) throws ConfigException {
        Optional<Path> dynamicPath = settings.text("dynamicConfigFile").map(Path::of);
        PropertiesFile source = main;
        if (dynamicPath.isPresent()) {
            refuseMembersIn(main);
            source = PropertiesFile.read(dynamicPath.get());
        }
        SortedMap<Long, ServerSpec> servers = servers(source);
        boolean standaloneEnabled = settings.bool("standaloneEnabled", true);
        boolean alone = servers.isEmpty() || (standaloneEnabled && servers.size() == 1);
        refuseNoVoters(source, servers);
        if (servers.size() == 1 && alone) {
            settings.warn(PREFIX + servers.firstKey(), "is the only member, so this server runs alone");
        }
        long self = self(dataDir, servers, alone);
        checkPeerType(servers, self);
        electionAlgorithm();
        return new Ensemble(
                self,
                servers,
                version(source),
                dynamicPath,
                standaloneEnabled,
                settings.bool("reconfigEnabled", false),
                settings.bool("quorumListenOnAllIPs", false));
    }

    private SortedMap<Long, ServerSpec> servers(PropertiesFile source) throws ConfigException {
        SortedMap<Long, ServerSpec> servers = new TreeMap<>();
        Map<Address, Long> taken = new HashMap<>();
        for (String key : source.entries().keySet()) {
            if (key.startsWith("group.") || key.startsWith("weight.")) {
                throw source.error(key, "groups and weights are not supported by this version; remove the line");
            }
            if (!key.startsWith(PREFIX)) {
                continue;
            }
            settings.text(key); // known, if it stands in zoo.cfg itself
            ServerSpec spec = spec(source, key, source.find(key).orElseThrow().value());
            servers.put(spec.sid(), spec);
            claim(source, key, taken, spec.quorum(), spec.sid());
            claim(source, key, taken, spec.election(), spec.sid());
        }
        return servers;
    }

    private static ServerSpec spec(PropertiesFile source, String key, String value) throws ConfigException {
        long sid = sid(key.substring(PREFIX.length()));
        if (sid < 0) {
            throw source.error(key, "the number after 'server.' must be from 0 to " + SID_MAX);
        }
        try {
            return ServerSpec.parse(sid, value);
        } catch (IllegalArgumentException e) {
            throw source.error(key, e.getMessage());
        }
    }

    private static void claim(PropertiesFile source, String key, Map<Address, Long> taken, Address address, long sid)
            throws ConfigException {
        Long other = taken.put(address, sid);
        if (other != null) {
            throw source.error(key, address + " is already used by server." + other + "; give each port once");
        }
    }

    private static void refuseMembersIn(PropertiesFile main) throws ConfigException {
        for (String key : main.entries().keySet()) {
            if (key.startsWith(PREFIX) || key.startsWith("group.") || key.startsWith("weight.")) {
                throw main.error(key, "belongs into the file that dynamicConfigFile names; move the line there");
            }
        }
    }

    private static void refuseNoVoters(PropertiesFile source, SortedMap<Long, ServerSpec> servers)
            throws ConfigException {
        if (!servers.isEmpty() && servers.values().stream().allMatch(spec -> spec.role() == Role.OBSERVER)) {
            throw source.error(
                    PREFIX + servers.firstKey(), "all members are observers, nobody could vote; add a participant");
        }
    }

    private long self(Path dataDir, SortedMap<Long, ServerSpec> servers, boolean alone) throws ConfigException {
        Path myid = dataDir.resolve("myid");
        String text;
        try {
            text = Files.readString(myid, StandardCharsets.ISO_8859_1).trim();
        } catch (NoSuchFileException e) {
            if (alone) {
                return servers.isEmpty() ? 0 : servers.firstKey();
            }
            throw new ConfigException(myid, 0, "", "no such file; write this server's N of server.N into it");
        } catch (IOException e) {
            throw new ConfigException(myid, 0, "", "cannot be read: " + e);
        }
        long self = sid(text);
        if (self < 0) {
            throw new ConfigException(myid, 1, "", "'" + text + "' is not a number from 0 to " + SID_MAX);
        }
        if (!servers.isEmpty() && !servers.containsKey(self)) {
            throw new ConfigException(
                    myid, 1, "", "says " + self + ", but no line server." + self + " is in the configuration");
        }
        return self;
    }

    private void checkPeerType(SortedMap<Long, ServerSpec> servers, long self) throws ConfigException {
        Optional<String> text = settings.text("peerType");
        if (text.isEmpty()) {
            return;
        }
        try {
            Role role = ServerSpec.role(text.get());
            if (servers.containsKey(self) && servers.get(self).role() != role) {
                settings.warn("peerType", "differs from the line server." + self + ", which counts");
            }
        } catch (IllegalArgumentException e) {
            throw main.error("peerType", e.getMessage());
        }
    }

    private void electionAlgorithm() throws ConfigException {
        if (settings.integer("electionAlg", 3, Integer.MIN_VALUE, Integer.MAX_VALUE) != 3) {
            throw main.error("electionAlg", "only 3, fast leader election, exists; remove the line");
        }
    }

    private static long version(PropertiesFile source) throws ConfigException {
        String text = source.find("version").map(PropertiesFile.Entry::value).orElse("0");
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException e) {
            throw source.error("version", "'" + text + "' is not a hexadecimal number");
        }
    }

    /** A sid in decimal digits, or -1. */
    private static long sid(String text) {
        if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        long sid = Long.parseLong(text);
        return sid <= SID_MAX ? sid : -1;
    }
}
