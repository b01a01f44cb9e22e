package dev.paddock.operator.migration;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says it is.
 *
 * @param major  of the version of ZooKeeper whose protocols it speaks, such as 3
 * @param minor  likewise, such as 9
 * @param number for people: of ZooKeeper or of Paddock, such as {@code 3.9.5} or {@code 0.1.0}
 */
public record Release(Engine engine, int major, int minor, String number) {
    private static final Pattern ZOOKEEPER = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.\\d+)*");
    private static final Pattern PADDOCK = Pattern.compile("-paddock-([0-9A-Za-z.]+)");

    /** Reads what follows {@code Zookeeper version: } in {@code srvr}; empty if it starts with no version. */
    public static Optional<Release> parse(String version) {
        Matcher spoken = ZOOKEEPER.matcher(version);
        if (!spoken.lookingAt()) return Optional.empty();
        Matcher ours = PADDOCK.matcher(version);
        boolean isOurs = ours.find();
        return Optional.of(new Release(
                isOurs ? Engine.PADDOCK : Engine.ZOOKEEPER,
                Integer.parseInt(spoken.group(1)),
                Integer.parseInt(spoken.group(2)),
                isOurs ? ours.group(1) : spoken.group()));
    }

    /** Whether both kinds may be members of one ensemble with it: Paddock speaks to its peers as 3.9 does. */
    public boolean mayBeMixed() {
        return major == 3 && minor == 9;
    }

    /**
     * Whether a member that comes back may spread a hole in what was acknowledged when it leads later (ZOOKEEPER-4925), which a
     * replacement of one after the other is made for.
     */
    public boolean mayLoseWrites() {
        return engine == Engine.ZOOKEEPER && number.equals("3.9.3");
    }

    /** Whether mixed ensembles with it are tested. */
    public boolean isTested() {
        return engine == Engine.PADDOCK || number.equals("3.9.5");
    }

    /** Whether its protocols are those of an earlier ZooKeeper. */
    public boolean isBefore(int otherMajor, int otherMinor) {
        return major < otherMajor || (major == otherMajor && minor < otherMinor);
    }

    /** Such as {@code Apache ZooKeeper 3.9.5}. */
    public String shown() {
        return engine.shown() + " " + number;
    }
}
