package dev.paddock.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the system properties of one of Apache's servers would mean to a server of ours that gets its {@code zoo.cfg} and nothing else.
 *
 * @param unknown names of those that nothing here acts on, or that ask for what is not done; ascending
 * @param lost    names of those without which it would do something else; ascending
 */
public record JvmFlags(List<String> unknown, List<String> lost) {
    private static final String PREFIX = "zookeeper.";
    /** Where that server's own output goes. */
    private static final Pattern OUTPUT = Pattern.compile("zookeeper\\.(log|root|console|tracelog|auditlog|jmx)\\..*");

    /** What an Apache server's JVM alone says to it, whatever its file has: how long a request may be. */
    public static final String FRAME_BYTES = ConfigParser.FRAME_BYTES;

    /** There are none, or none that matter. */
    public static final JvmFlags NONE = new JvmFlags(List.of(), List.of());

    public JvmFlags {
        unknown = List.copyOf(unknown);
        lost = List.copyOf(lost);
    }

    /** How long a request such a server takes, and how long a record it reads. */
    public static int frameBytesMax(Map<String, String> properties) {
        try {
            return Integer.decode(properties.getOrDefault(FRAME_BYTES, ""));
        } catch (NumberFormatException e) {
            return ConfigParser.FRAME_BYTES_DEFAULT; // as by Apache
        }
    }

    /**
     * Reads the file anew, with these and without each.
     *
     * @param node       of that file
     * @param isCopy     whether the file is one of another machine's, see {@link NodeConfig#readCopy}
     * @param properties all of the JVM's, or those it was started with
     * @throws ConfigException if this server could not start even without them
     */
    public static JvmFlags judge(NodeConfig node, boolean isCopy, Map<String, String> properties)
            throws ConfigException {
        return new Judge(PropertiesFile.read(node.file()), node.ensemble().self(), isCopy).judge(properties);
    }

    /** What a file and some properties amount to. */
    private record Reading(NodeConfig node, Set<String> asked) {}

    private record Judge(PropertiesFile file, long self, boolean isCopy) {
        JvmFlags judge(Map<String, String> properties) throws ConfigException {
            var flags = new TreeMap<String, String>();
            properties.forEach((name, value) -> {
                if (!isInFile(name) && !OUTPUT.matcher(name).matches()) flags.put(name, value);
            });
            Set<String> lost = new TreeSet<>();
            Reading all = readWithout(lost, flags);
            List<String> unknown = new ArrayList<>();
            for (String name : flags.keySet()) {
                boolean isNeglected = all.node().neglectedKeys().contains(withoutPrefix(name));
                if (all.asked().contains(name) && !isNeglected) {
                    if (isMissedIn(all.node(), flags, name)) lost.add(name);
                } else if (isNeglected || name.startsWith(PREFIX)) {
                    unknown.add(name);
                }
            }
            boolean isLess = properties.containsKey(FRAME_BYTES)
                    && all.node().clientPort().frameBytesMax() < frameBytesMax(properties);
            if (isLess) lost.add(FRAME_BYTES); // also where the file has it
            return new JvmFlags(unknown, List.copyOf(lost));
        }

        /** The file's own line counts, as in Apache. */
        private boolean isInFile(String name) {
            String key = withoutPrefix(name);
            return file.find(key).isPresent() || file.find(PREFIX + key).isPresent();
        }

        private static String withoutPrefix(String name) {
            return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        }

        /** Takes those from the flags, and calls them lost, with which this server does not start. */
        private Reading readWithout(Set<String> lost, Map<String, String> flags) throws ConfigException {
            while (true) {
                try {
                    return read(flags);
                } catch (ConfigException e) {
                    Set<String> blamed = blamed(e, flags.keySet());
                    if (blamed.isEmpty()) throw e;
                    lost.addAll(blamed);
                    flags.keySet().removeAll(blamed);
                }
            }
        }

        /** That which it names; if it names a line of the file, any. */
        private static Set<String> blamed(ConfigException e, Set<String> names) {
            var blamed = new TreeSet<>(names);
            blamed.retainAll(List.of(e.key(), PREFIX + e.key()));
            if (!blamed.isEmpty()) return blamed;
            blamed.addAll(names);
            blamed.removeIf(name -> !name.startsWith(PREFIX));
            return blamed;
        }

        private boolean isMissedIn(NodeConfig withAll, Map<String, String> flags, String name) {
            Map<String, String> others = new TreeMap<>(flags);
            others.remove(name);
            try {
                return !read(others).node().equals(withAll);
            } catch (ConfigException e) {
                return true;
            }
        }

        private Reading read(Map<String, String> flags) throws ConfigException {
            var system = new Properties();
            system.putAll(System.getProperties());
            system.putAll(flags);
            var settings = new Settings(file, system, isCopy);
            NodeConfig node = new ConfigParser(file, settings, OptionalLong.of(self)).parse();
            return new Reading(node, settings.askedKeys());
        }
    }
}
