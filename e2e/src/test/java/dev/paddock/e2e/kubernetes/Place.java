package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one lab on this machine: a folder, control groups and three networks, told apart by a small number. Claimed
 * by a lock that ends with the process, however it ends; the next owner of the number clears what is left of it.
 */
final class Place implements AutoCloseable {
    private static final Path ALL = Path.of("/var/lib/paddock-lab"); // only root writes there
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    private static final int LABS_MAX = 16;

    /** Claimed by this process: a lock of a file keeps only others away, and is lost when the file is opened and closed again. */
    private static final Set<Integer> OURS = ConcurrentHashMap.newKeySet();

    private final int number;
    private final FileChannel lock;

    private Place(int number, FileChannel lock) {
        this.number = number;
        this.lock = lock;
    }

    /** Claims the first that is free, and clears it. */
    static Place claim() throws IOException {
        Files.createDirectories(ALL);
        for (int number = 0; number < LABS_MAX; number++) {
            if (!OURS.add(number)) continue;
            FileChannel channel = FileChannel.open(
                    ALL.resolve(number + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                OURS.remove(number);
                continue;
            }
            Place place = new Place(number, channel);
            place.clear();
            Files.createDirectories(place.folder().resolve("log"));
            for (Path group : place.groups()) Files.createDirectory(group);
            return place;
        }
        throw new IOException("there are " + LABS_MAX + " labs on this machine; see " + ALL);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        return channel.tryLock();
    }

    Path folder() {
        return ALL.resolve(String.valueOf(number));
    }

    /** Of the control groups of all pods. */
    String group() {
        return "paddock-lab-" + number;
    }

    /** The machine's end of the cable into the lab. */
    String cable() {
        return "paddock-lab" + number;
    }

    /** The first three numbers of the addresses of pods. */
    String pods() {
        return "10.244." + number;
    }

    /** Likewise, of Services. */
    String services() {
        return "10.245." + number;
    }

    /** Likewise, of the cable: .1 is the machine, .2 the lab. */
    String ends() {
        return "10.246." + number;
    }

    /** The group in each hierarchy of version 1, or in the one of version 2. */
    List<Path> groups() throws IOException {
        if (Files.exists(GROUPS.resolve("cgroup.controllers"))) return List.of(GROUPS.resolve(group()));
        try (Stream<Path> hierarchies = Files.list(GROUPS)) {
            return hierarchies
                    .filter(each -> !Files.isSymbolicLink(each) && Files.exists(each.resolve("cgroup.procs")))
                    .map(each -> each.resolve(group()))
                    .toList();
        }
    }

    private void clear() throws IOException {
        for (Path group : groups()) {
            if (Files.exists(group)) removeGroups(group);
        }
        if (Files.exists(folder())) removeAll(folder());
    }

    /** Groups are folders whose files cannot be deleted, and go with them. */
    private static void removeGroups(Path group) throws IOException {
        try (Stream<Path> walk = Files.walk(group)) {
            for (Path each : walk.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(each);
            }
        }
    }

    private static void removeAll(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }

    /** After the last process of the lab. */
    @Override
    public void close() throws IOException {
        try (lock) {
            clear();
        } finally {
            OURS.remove(number);
        }
    }
}
