package dev.paddock.node.net;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What the process knows of its surroundings, for {@code envi} and {@code mntr}. */
public final class Environment {
    private static final long BYTES_PER_MEGABYTE = 1 << 20;

    private Environment() {}

    /** The text of {@code envi}, in the layout of Apache ZooKeeper 3.9.5. */
    static String text(String version) {
        Runtime runtime = Runtime.getRuntime();
        var text = new StringBuilder("Environment:\n");
        line(text, "zookeeper.version", version);
        line(text, "host.name", System.getenv().getOrDefault("HOSTNAME", "localhost"));
        for (String key : new String[] {
            "java.version", "java.vendor", "java.home", "java.class.path", "java.library.path", "java.io.tmpdir"
        }) {
            line(text, key, System.getProperty(key, "<NA>"));
        }
        line(text, "java.compiler", "<NA>");
        for (String key : new String[] {"os.name", "os.arch", "os.version", "user.name", "user.home", "user.dir"}) {
            line(text, key, System.getProperty(key, "<NA>"));
        }
        line(text, "os.memory.free", runtime.freeMemory() / BYTES_PER_MEGABYTE + "MB");
        line(text, "os.memory.max", runtime.maxMemory() / BYTES_PER_MEGABYTE + "MB");
        line(text, "os.memory.total", runtime.totalMemory() / BYTES_PER_MEGABYTE + "MB");
        return text.toString();
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
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
