package dev.paddock.e2e.damage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A kind of file that a server keeps, and which of its files that is now. */
enum Kind {
    NEWEST_LOG("version-2", "log.", 0),
    OLDER_LOG("version-2", "log.", 1),
    NEWEST_SNAPSHOT("version-2", "snapshot.", 0),
    OLDER_SNAPSHOT("version-2", "snapshot.", 1),
    ACCEPTED_EPOCH("version-2", "acceptedEpoch", 0),
    CURRENT_EPOCH("version-2", "currentEpoch", 0),
    MARKS("paddock", "forced", 0),
    SEAMS("paddock", "seams", 0),
    PROMISED("paddock", "promised", 0),
    NOTES("paddock", "snapshots", 0);

    private final String folder;
    private final String prefix;
    private final int age; // 0 for the newest

    Kind(String folder, String prefix, int age) {
        this.folder = folder;
        this.prefix = prefix;
        this.age = age;
    }

    /** All of them, or those that {@code -Dkinds=} names. */
    static List<Kind> chosen() {
        String named = System.getProperty("kinds", "");
        return named.isEmpty()
                ? List.of(values())
                : Stream.of(named.split(",", -1)).map(Kind::valueOf).toList();
    }

    /** The file in a data folder. */
    Path in(Path data) throws IOException {
        return newestFirst(data).get(age);
    }

    /**
     * Whether there is one: of the notes there is none between their loss and the next snapshot, and a leader's snapshot may have
     * replaced all logs and snapshots but the newest.
     *
     * @param hasOneBefore whether another of the kind must be there, where there may be several
     */
    boolean isThere(Path data, boolean hasOneBefore) throws IOException {
        boolean isOneOfMany = prefix.endsWith(".");
        return newestFirst(data).size() > (isOneOfMany && hasOneBefore ? age + 1 : age);
    }

    /** The one before it of the same kind. */
    Path before(Path data) throws IOException {
        List<Path> all = newestFirst(data);
        return all.get(Math.min(age + 1, all.size() - 1));
    }

    /** All of this kind; those that were put out of the way are not. */
    private List<Path> newestFirst(Path data) throws IOException {
        try (Stream<Path> all = Files.list(data.resolve(folder))) {
            return all.filter(path -> isOne(path.getFileName().toString()))
                    .sorted(Comparator.comparingLong(Kind::zxid).reversed())
                    .toList();
        }
    }

    private boolean isOne(String name) {
        return prefix.endsWith(".") ? name.matches(prefix + "[0-9a-f]+") : name.equals(prefix);
    }

    private static long zxid(Path path) {
        String name = path.getFileName().toString();
        int dot = name.indexOf('.');
        return dot < 0 ? 0 : Long.parseUnsignedLong(name.substring(dot + 1), 16);
    }
}
