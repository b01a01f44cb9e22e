package dev.paddock.cli.prepare;

import dev.paddock.operator.planner.Membership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The volume of one member. {@code paddock/volume} in it says whose it is. Each file is replaced in one durable step, so that this
 * may be cut off anywhere and be run again.
 */
final class MemberVolume {
    private static final String LIST = "dynamicConfigFile=";

    private final Path data;
    private final String owner; // as in paddock/volume
    private final int id;

    /** What was found. */
    sealed interface Outcome {
        /** The server may start. */
        record Ready(String note) implements Outcome {}

        /** The volume is empty, and its member is a voter that had data: it has forgotten what it acknowledged. */
        record Wiped(String why) implements Outcome {}

        /** It is another's volume. Nothing was changed. */
        record Stranger(String why) implements Outcome {}
    }

    /**
     * @param cluster UID of the member's cluster
     * @param id of the member
     */
    MemberVolume(Path data, String cluster, int id) {
        this.data = data;
        this.owner = "cluster=" + cluster + "\nmember=" + id + "\n";
        this.id = id;
    }

    /**
     * Makes it ready for the server, if it is this member's own.
     *
     * @param zooCfg text without members
     * @param members lines {@code server.N=…} and {@code version=HEX}, as the operator saw them last
     * @param known ids of members that are known to have data, joined by commas
     * @param superDigest of the super user
     */
    Outcome prepare(String zooCfg, String members, String known, String superDigest) throws IOException {
        Optional<String> stranger = stranger();
        if (stranger.isPresent()) return new Outcome.Stranger(stranger.get());
        Membership seen = Membership.parse(members)
                .orElseThrow(() -> new IOException("the ConfigMap names no members: " + members.strip()));
        boolean isEmpty = !Files.exists(mark()) && !Files.exists(data.resolve("version-2"));
        boolean hadData = Arrays.asList(known.strip().split(",")).contains(String.valueOf(id));
        if (isEmpty && hadData && seen.voters().contains(id)) {
            return new Outcome.Wiped("the volume is empty, and member " + id + " is a voter that had data: it does not"
                    + " start before the operator has taken it out of the members, so that it joins anew");
        }
        replace(mark(), owner);
        replace(data.resolve("myid"), id + "\n");
        List<String> lines = membersOf(members, seen);
        replace(
                zooCfgPath(),
                zooCfg + "DigestAuthenticationProvider.superDigest=" + superDigest + "\n" + String.join("\n", lines)
                        + "\n");
        return new Outcome.Ready((isEmpty ? "a new volume" : "its own volume") + ", starting with " + lines.getFirst());
    }

    /** Why it is somebody else's. One without a mark is taken if its {@code myid} is right: a ZooKeeper wrote it. */
    private Optional<String> stranger() throws IOException {
        if (Files.exists(mark())) {
            String found = Files.readString(mark());
            return found.equals(owner)
                    ? Optional.empty()
                    : Optional.of(told(found.strip().replace('\n', ' ')));
        }
        Path myid = data.resolve("myid");
        if (!Files.exists(myid) || Files.readString(myid).strip().equals(String.valueOf(id))) return Optional.empty();
        return Optional.of(told("member=" + Files.readString(myid).strip()));
    }

    private String told(String found) {
        return "this volume is of " + found + ", and this pod is of "
                + owner.strip().replace('\n', ' ') + "; give the pod's claim its own volume back, or an empty one";
    }

    /**
     * The server's own list, which it keeps from the first change of members on, unless the operator has seen a newer one: that of who
     * was away, or out and comes back. Who is not in the list joins it, without being counted; beside a single voter it
     * follows as one who will vote, since it has to agree to its own vote, and observers are not asked.
     */
    private List<String> membersOf(String members, Membership seen) throws IOException {
        Optional<Path> own = ownList();
        if (own.isPresent()) {
            int newer = Long.compareUnsigned(version(own.get()), seen.version());
            if (newer > 0 || (newer == 0 && seen.contains(id))) return List.of(LIST + own.get());
        }
        List<String> lines = new ArrayList<>(
                members.lines().filter(line -> line.startsWith("server.")).toList());
        if (!seen.contains(id)) {
            lines.add(ownLine(lines.getFirst(), seen.voters().size() == 1));
        } else if (seen.version() != 0) {
            Path list = zooCfgPath().resolveSibling("zoo.cfg.dynamic." + Long.toHexString(seen.version()));
            replace(list, String.join("\n", lines));
            return List.of(LIST + list);
        }
        return lines;
    }

    /** The list that the server wrote itself, if this member is in it. */
    private Optional<Path> ownList() throws IOException {
        if (!Files.exists(zooCfgPath())) return Optional.empty();
        Optional<Path> list = Files.readAllLines(zooCfgPath(), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith(LIST))
                .map(line -> Path.of(line.substring(LIST.length()).strip()))
                .findFirst();
        if (list.isEmpty() || !Files.exists(list.get())) return Optional.empty();
        boolean isIn = Files.readAllLines(list.get()).stream().anyMatch(line -> line.startsWith("server." + id + "="));
        return isIn ? list : Optional.empty();
    }

    private static long version(Path list) {
        String name = list.toString();
        try {
            return Long.parseUnsignedLong(name.substring(name.lastIndexOf('.') + 1), 16);
        } catch (NumberFormatException e) {
            return 0; // as the servers read it
        }
    }

    /** Made of another's: the names of one ensemble's members differ by their ids only. */
    private String ownLine(String other, boolean votes) {
        int equals = other.indexOf('=');
        String otherId = other.substring("server.".length(), equals);
        String value = other.substring(equals + 1)
                .replaceFirst("-" + otherId + "\\.", "-" + id + ".")
                .replaceFirst(":(participant|observer);", votes ? ":participant;" : ":observer;");
        return "server." + id + "=" + value;
    }

    private Path mark() {
        return data.resolve("paddock").resolve("volume");
    }

    private Path zooCfgPath() {
        return data.resolve("conf").resolve("zoo.cfg");
    }

    private static void replace(Path file, String text) throws IOException {
        Path folder = file.resolveSibling(".");
        Files.createDirectories(folder);
        Path aside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel inFolder = FileChannel.open(folder)) {
            inFolder.force(true);
        }
    }
}
