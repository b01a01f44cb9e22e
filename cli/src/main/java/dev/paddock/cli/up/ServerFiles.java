package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import dev.paddock.operator.planner.Membership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes what one server reads at its start: {@code zoo.cfg} and {@code myid}. Who the members are is the servers' own
 * affair from their first change on: the line of {@code zoo.cfg} that names their list is kept then.
 */
final class ServerFiles {
    /**
     * What an ensemble cannot start without, as in ZooKeeper's own sample, and what it takes to change its members; the
     * manifest may say otherwise.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
            "tickTime",
            "2000",
            "initLimit",
            "10",
            "syncLimit",
            "5",
            "reconfigEnabled",
            "true",
            "standaloneEnabled",
            "false"); // an ensemble of one can grow

    private static final String SUPER = "DigestAuthenticationProvider.superDigest";
    private static final String DIGEST = "DigestAuthenticationProvider.digestAlg";
    private static final String LIST = "dynamicConfigFile=";
    private static final String JOINS = "# About to join; the other servers do not count it yet.";

    private final Path folder;
    private final int id;
    private final Ports ports;

    ServerFiles(Path folder, int id, Ports ports) {
        this.folder = folder;
        this.id = id;
        this.ports = ports;
    }

    /**
     * Writes the files of a member of an ensemble; data that is there stays, and so does a list of members that the server
     * was left with.
     *
     * @param voters   who votes in an ensemble whose members were never changed
     * @param config   further keys of {@code zoo.cfg}, from the manifest
     * @param password of the super user
     * @return the path of {@code zoo.cfg}
     */
    Path write(NavigableSet<Integer> voters, Map<String, String> config, String password) throws IOException {
        List<String> left = membersLeft();
        if (!left.isEmpty()) return write(left, config, password);
        return write(
                voters.stream().map(voter -> ports.member(voter, "participant")).toList(), config, password);
    }

    /**
     * Likewise of a server that is about to join these members: it follows them without being counted. Beside a single voter it
     * follows as one who will vote, since it has to agree to its own vote, and observers are not asked.
     */
    Path writeJoining(Membership members, Map<String, String> config, String password) throws IOException {
        List<String> lines = new ArrayList<>(List.of(JOINS));
        members.voters().forEach(voter -> lines.add(ports.member(voter, "participant")));
        if (!members.voters().contains(id)) {
            lines.add(ports.member(id, members.voters().size() == 1 ? "participant" : "observer"));
        }
        return write(lines, config, password);
    }

    /** Marks the server as one that is no longer there. Its data stays: it may join again. */
    void retire() throws IOException {
        Files.deleteIfExists(folder.resolve("zoo.cfg"));
    }

    private Path write(List<String> members, Map<String, String> config, String password) throws IOException {
        Path data = folder.resolve("data");
        Files.createDirectories(data);
        Files.writeString(data.resolve("myid"), id + "\n");
        Path file = folder.resolve("zoo.cfg");
        Files.write(file, lines(data, members, config, password));
        return file;
    }

    /** The line that names the list of a change of members, or the lines of one who had not joined yet. */
    private List<String> membersLeft() throws IOException {
        Path file = folder.resolve("zoo.cfg");
        if (!Files.exists(file)) return List.of();
        List<String> lines = Files.readAllLines(file);
        List<String> list = lines.stream().filter(line -> line.startsWith(LIST)).toList();
        if (!list.isEmpty()) return list;
        int joins = lines.indexOf(JOINS);
        return joins < 0 ? List.of() : lines.subList(joins, lines.size());
    }

    /** Whether the server was left before it had joined. */
    boolean isJoining() throws IOException {
        return membersLeft().contains(JOINS);
    }

    private List<String> lines(Path data, List<String> members, Map<String, String> config, String password) {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by `paddock up` at each start.");
        SortedMap<String, String> keys = new TreeMap<>(DEFAULTS);
        keys.put(SUPER, superDigest(password, config.getOrDefault(DIGEST, "SHA1")));
        keys.putAll(config);
        keys.forEach((key, value) -> lines.add(key + "=" + value));
        lines.add("dataDir=" + data);
        lines.add("clientPort=" + ports.client(id));
        lines.add("clientPortAddress=" + Ports.HOST);
        lines.add("4lw.commands.whitelist=*"); // only this machine can ask
        lines.add("admin.serverAddress=" + Ports.HOST);
        lines.add("admin.serverPort=" + ports.admin(id));
        lines.addAll(members);
        return lines;
    }

    private static String superDigest(String password, String algorithm) {
        byte[] known = MemberChanges.credentials(password).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance(algorithm).digest(known);
            return MemberChanges.USER + ":" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException unknown) {
            throw new CommandFailed(
                    "spec.config: " + DIGEST + " is " + algorithm + ", which this java does not know", unknown);
        }
    }
}
