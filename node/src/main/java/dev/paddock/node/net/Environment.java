package dev.paddock.node.net;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the process knows of its surroundings, for {@code envi} and {@code mntr}. */
public final class Environment {
    private static final long BYTES_PER_MEGABYTE = 1 << 20;

    private Environment() {}

    /** What {@code envi} shows, in the order of Apache ZooKeeper 3.9.5. */
    public static Map<String, String> entries(String version) {
        Runtime runtime = Runtime.getRuntime();
        var entries = new LinkedHashMap<String, String>();
        entries.put("zookeeper.version", version);
        entries.put("host.name", System.getenv().getOrDefault("HOSTNAME", "localhost"));
        for (String key : new String[] {
            "java.version", "java.vendor", "java.home", "java.class.path", "java.library.path", "java.io.tmpdir"
        }) {
            entries.put(key, System.getProperty(key, "<NA>"));
        }
        entries.put("java.compiler", "<NA>");
        for (String key : new String[] {"os.name", "os.arch", "os.version", "user.name", "user.home", "user.dir"}) {
            entries.put(key, System.getProperty(key, "<NA>"));
        }
        entries.put("os.memory.free", runtime.freeMemory() / BYTES_PER_MEGABYTE + "MB");
        entries.put("os.memory.max", runtime.maxMemory() / BYTES_PER_MEGABYTE + "MB");
        entries.put("os.memory.total", runtime.totalMemory() / BYTES_PER_MEGABYTE + "MB");
        return entries;
    }

    static String text(String version) {
        var text = new StringBuilder("Environment:\n");
        entries(version)
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** -1 where the system does not say. */
    public static long fileDescriptorsOpen() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : -1;
    }

    /** -1 where the system does not say. */
    public static long fileDescriptorsMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : -1;
    }
}
