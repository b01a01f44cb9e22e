package dev.paddock.node.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of one server by their names in {@code zoo.cfg}. Apache ZooKeeper 3.9 takes some keys from the file and
 * makes each other one the system property {@code zookeeper.<key>}, which may as well be set on the command line of the
 * JVM; so each key is looked up in this order:
 *
 * <ol>
 *   <li>{@code key} in the file,
 *   <li>{@code zookeeper.key} in the file,
 *   <li>the system property {@code zookeeper.key},
 *   <li>the system property {@code key}, if it has a dot: {@code jute.maxbuffer}, {@code readonlymode.enabled} and some
 *       others go without the prefix.
 * </ol>
 *
 * <p>It notes which keys were looked up: what stands in the file and was not has no effect here. Used by one thread.
 */
public final class Settings {
    private static final String PREFIX = "zookeeper.";

    private final PropertiesFile file;
    private final Properties system;
    private final boolean isCopy;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> neglected = new ArrayList<>();

    Settings(PropertiesFile file, Properties system) {
        this(file, system, false);
    }

    /** @param isCopy whether the file is another machine's, and so are the paths in it */
    Settings(PropertiesFile file, Properties system, boolean isCopy) {
        this.file = file;
        this.system = system;
        this.isCopy = isCopy;
    }

    /** The value of a key, trimmed; an empty one counts as set. */
    public Optional<String> text(String key) {
        asked.add(key);
        asked.add(PREFIX + key);
        return file.find(key)
                .or(() -> file.find(PREFIX + key))
                .map(PropertiesFile.Entry::value)
                .or(() -> Optional.ofNullable(system.getProperty(PREFIX + key)).map(String::trim))
                .or(() -> key.indexOf('.') < 0
                        ? Optional.empty()
                        : Optional.ofNullable(system.getProperty(key)).map(String::trim));
    }

    /** All keys that start with {@code prefix}, without {@code zookeeper.} before it, with their values; sorted. */
    public Map<String, String> startingWith(String prefix) {
        var keys = new LinkedHashSet<String>();
        for (Set<String> names : List.of(file.entries().keySet(), system.stringPropertyNames())) {
            for (String name : names) {
                String key = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
                if (key.startsWith(prefix)) {
                    keys.add(key);
                }
            }
        }
        var found = new TreeMap<String, String>();
        for (String key : keys) {
            text(key).ifPresent(value -> found.put(key, value));
        }
        return Collections.unmodifiableSortedMap(found);
    }

    /** A truth value: {@code true} or {@code yes}, {@code false} or {@code no}, in any case. */
    public boolean bool(String key, boolean absent) throws ConfigException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return absent;
        }
        if (value.get().equalsIgnoreCase("true") || value.get().equalsIgnoreCase("yes")) {
            return true;
        }
        if (value.get().equalsIgnoreCase("false") || value.get().equalsIgnoreCase("no")) {
            return false;
        }
        throw error(key, "'" + value.get() + "' is neither true nor false");
    }

    /**
     * A truth value of a key that Apache ZooKeeper takes as a system property: {@code true} in any case, and all else is false, as
     * there. Whoever may have meant something else is told. Keys that guard something are read by {@link #bool}.
     */
    public boolean flag(String key, boolean absent) {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return absent;
        }
        boolean isTrue = value.get().equalsIgnoreCase("true");
        if (!isTrue && !value.get().equalsIgnoreCase("false")) {
            warn(key, "'" + value.get() + "' is taken for false, as by Apache ZooKeeper; write true or false");
        }
        return isTrue;
    }

    /** A whole number from {@code min} to {@code max}; hexadecimal behind {@code 0x}, as in Apache ZooKeeper's manual. */
    public int integer(String key, int absent, int min, int max) throws ConfigException {
        return (int) longInteger(key, absent, min, max);
    }

    /** Likewise, a long one; {@code absent} need not lie in the range. */
    public long longInteger(String key, long absent, long min, long max) throws ConfigException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return absent;
        }
        String range = min <= Integer.MIN_VALUE ? "" : " from " + min + " to " + max;
        try {
            long parsed = parsed(value.get());
            if (parsed >= min && parsed <= max) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw error(key, "'" + value.get() + "' is not a whole number" + range);
        }
        throw error(key, value.get() + " is not a number" + range);
    }

    private static long parsed(String text) {
        boolean isHex = text.regionMatches(true, text.startsWith("-") ? 1 : 0, "0x", 0, 2);
        return isHex ? Long.decode(text) : Long.parseLong(text); // to decode, 010 is 8
    }

    /** A number from {@code min} to {@code max} that may have a fraction. */
    public double decimal(String key, double absent, double min, double max) throws ConfigException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return absent;
        }
        try {
            double parsed = Double.parseDouble(value.get());
            if (parsed >= min && parsed <= max) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            throw error(key, "'" + value.get() + "' is not a number from " + min + " to " + max);
        }
        throw error(key, value.get() + " is not a number from " + min + " to " + max);
    }

    /** The path of a file or folder, which need not exist. */
    public Optional<Path> path(String key) throws ConfigException {
        Optional<String> value = text(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get().isEmpty()) {
            throw error(key, "is empty; name a file or folder");
        }
        try {
            return Optional.of(Path.of(value.get()));
        } catch (InvalidPathException e) {
            throw error(key, "is not a path: " + e.getReason());
        }
    }

    /**
     * Where a file is to be read that a key names: of a copy, beside it.
     *
     * @throws ConfigException.NotCopied if it is not there
     */
    Path readable(String key, Path named) throws ConfigException {
        if (!isCopy || named.getFileName() == null) return named;
        Path beside = file.path().resolveSibling(named.getFileName());
        if (Files.exists(beside)) return beside;
        throw new ConfigException.NotCopied(
                file.path(),
                file.find(key).map(PropertiesFile.Entry::line).orElse(0),
                key,
                "names " + named + " of that machine; copy " + named.getFileName() + " as well, beside " + file.path());
    }

    /** Whether the file is another machine's. */
    boolean isCopy() {
        return isCopy;
    }

    /** The words between commas, trimmed, in their order; empty ones are left out. */
    public Set<String> words(String key, String absent) {
        Set<String> words = new LinkedHashSet<>();
        for (String word : text(key).orElse(absent).split(",", -1)) {
            if (!word.isBlank()) {
                words.add(word.trim());
            }
        }
        return Collections.unmodifiableSet(words);
    }

    /** What is wrong with a key, with the line where it stands. */
    public ConfigException error(String key, String problem) {
        return file.error(key, problem);
    }

    /** Notes a sentence to be logged at start-up. */
    public void warn(String key, String sentence) {
        int line = file.find(key).map(PropertiesFile.Entry::line).orElse(0);
        warnings.add(file.path() + (line > 0 ? ":" + line : "") + ": " + key + ": " + sentence);
    }

    /** Notes that what a key asks for is not done, and why. */
    void neglect(String key, String sentence) {
        neglected.add(key);
        warn(key, sentence);
    }

    List<String> neglectedKeys() {
        return List.copyOf(neglected);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** All keys that were looked up, each as it is and with {@code zookeeper.} before it. */
    Set<String> askedKeys() {
        return Collections.unmodifiableSet(asked);
    }

    /** The keys of the file that nothing has looked up, in file order. */
    List<String> unknownKeys() {
        return file.entries().keySet().stream()
                .filter(key -> !asked.contains(key))
                .toList();
    }
}
