package dev.paddock.node.config;

import dev.paddock.node.config.NodeConfig.Ensemble;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.members.ServerSpec.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** The members of the ensemble and this server's place among them. Used once, then dropped. */
final class EnsembleParser {
    private static final long SELF_MAX = 255; // the first byte of the session ids that this server gives

    private static final long ZXIDS_MAX = 0xffff_ffffL; // a zxid has 32 bits for them
    private static final long ZXIDS_MIN = 100;
    private static final String PREFIX = "server.";

    private final Settings settings;
    private final PropertiesFile main;
    private final OptionalLong given; // in place of myid

    EnsembleParser(Settings settings, PropertiesFile main, OptionalLong self) {
        this.settings = settings;
        this.main = main;
        this.given = self;
    }

    Ensemble parse(Path dataDir) throws ConfigException {
        Optional<Path> dynamicPath = settings.path("dynamicConfigFile");
        PropertiesFile source = main;
        if (dynamicPath.isPresent()) {
            refuseMembersIn(main);
            source = PropertiesFile.read(settings.readable("dynamicConfigFile", dynamicPath.get()));
            refuseOthersIn(source);
        }
        long version = dynamicPath.isPresent() ? versionIn(dynamicPath.get()) : version(source);
        Members members = new MembersParser(settings, source).parse(version);
        SortedMap<Long, ServerSpec> servers = members.servers();
        boolean standaloneEnabled = settings.bool("standaloneEnabled", true);
        boolean alone = servers.isEmpty() || (standaloneEnabled && servers.size() == 1);
        refuseTooFewVoters(source, members, standaloneEnabled);
        if (servers.size() == 1 && alone) {
            settings.warn(PREFIX + servers.firstKey(), "is the only member, so this server runs alone");
        }
        long self = self(dataDir, servers, alone);
        checkPeerType(servers, self);
        electionAlgorithm();
        return new Ensemble(
                self,
                members,
                dynamicPath,
                standaloneEnabled,
                settings.bool("reconfigEnabled", false),
                settings.bool("quorumListenOnAllIPs", false),
                leaderServes(alone, servers),
                settings.longInteger("zxidsPerEpoch", ZXIDS_MAX, ZXIDS_MIN, ZXIDS_MAX));
    }

    private static void refuseMembersIn(PropertiesFile main) throws ConfigException {
        for (String key : main.entries().keySet()) {
            if (MembersParser.isAboutMembers(key)) {
                throw main.error(key, "belongs into the file that dynamicConfigFile names; move the line there");
            }
        }
    }

    private static void refuseOthersIn(PropertiesFile dynamic) throws ConfigException {
        for (String key : dynamic.entries().keySet()) {
            if (key.equals("version")) {
                throw dynamic.error(key, "is what the name of this file ends in; remove the line");
            }
            if (!MembersParser.isAboutMembers(key)) {
                throw dynamic.error(key, "is not about members; move the line to zoo.cfg");
            }
        }
    }

    private static void refuseTooFewVoters(PropertiesFile source, Members members, boolean standaloneEnabled)
            throws ConfigException {
        if (members.servers().isEmpty()) return;
        String key = PREFIX + members.servers().firstKey();
        int voters = members.voters().length;
        if (voters == 0) {
            throw source.error(key, "all members are observers, nobody could vote; add a participant");
        }
        if (standaloneEnabled && voters == 1 && members.servers().size() > 1) {
            throw source.error(key, "observers of one voter need standaloneEnabled=false; add that or a participant");
        }
    }

    private long self(Path dataDir, SortedMap<Long, ServerSpec> servers, boolean alone) throws ConfigException {
        Path myid = dataDir.resolve("myid");
        String text;
        if (given.isPresent()) return known(myid, given.getAsLong(), servers);
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
        long self = MembersParser.sid(text);
        if (self < 0 || self > SELF_MAX) {
            throw new ConfigException(myid, 1, "", "'" + text + "' is not a number from 0 to " + SELF_MAX);
        }
        return known(myid, self, servers);
    }

    private static long known(Path myid, long self, SortedMap<Long, ServerSpec> servers) throws ConfigException {
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

    /** As in Apache, nothing else is a no. */
    private boolean leaderServes(boolean alone, SortedMap<Long, ServerSpec> servers) throws ConfigException {
        boolean isNo = settings.text("leaderServes").orElse("yes").equals("no");
        if (isNo && !alone && servers.size() == 1) {
            settings.warn("leaderServes", "is no, and the only member leads, so nobody takes clients");
        }
        return alone || !isNo;
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

    /** What follows the last dot of the name, if that is a hexadecimal number; 0 otherwise, as in Apache ZooKeeper. */
    private static long versionIn(Path dynamic) {
        String name = dynamic.toString();
        try {
            return Math.max(0, Long.parseLong(name.substring(name.lastIndexOf('.') + 1), 16));
        } catch (NumberFormatException e) {
            return 0; // a file that no reconfiguration wrote
        }
    }
}
