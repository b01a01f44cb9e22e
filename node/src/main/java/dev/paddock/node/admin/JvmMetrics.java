package dev.paddock.node.admin;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Numbers of the JVM and of its process, with the names of Prometheus' older Java client (simpleclient), which Apache ZooKeeper 3.9 uses. */
final class JvmMetrics {
    private static final Path PROCESS = Path.of("/proc/self/status"); // of Linux
    private static final List<String> PARTS = List.of("used", "committed", "max", "init");
    private static final int KIBI = 1024;

    private JvmMetrics() {}

    static void write(Exposition text) {
        memory(text);
        buffers(text);
        text.family("jvm_gc_collection_seconds", "summary");
        for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            text.sample("jvm_gc_collection_seconds_count", "gc", gc.getName(), gc.getCollectionCount());
            text.sample("jvm_gc_collection_seconds_sum", "gc", gc.getName(), gc.getCollectionTime() / 1000.0);
        }
        threads(text, ManagementFactory.getThreadMXBean());
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        text.gauge("jvm_classes_loaded", classes.getLoadedClassCount());
        text.counter("jvm_classes_loaded_total", classes.getTotalLoadedClassCount());
        text.counter("jvm_classes_unloaded_total", classes.getUnloadedClassCount());
        text.family("jvm_info", "gauge");
        String version = Exposition.label("version", property("java.runtime.version"));
        String vendor = Exposition.label("vendor", property("java.vm.vendor"));
        text.sample("jvm_info", version + vendor + Exposition.label("runtime", property("java.runtime.name")), 1);
        process(text);
    }

    private static String property(String key) {
        return System.getProperty(key, "unknown");
    }

    private static void memory(Exposition text) {
        var memory = ManagementFactory.getMemoryMXBean();
        for (String part : PARTS) {
            String name = "jvm_memory_bytes_" + part;
            text.family(name, "gauge");
            text.sample(name, "area", "heap", part(memory.getHeapMemoryUsage(), part));
            text.sample(name, "area", "nonheap", part(memory.getNonHeapMemoryUsage(), part));
        }
        for (String part : PARTS) {
            String name = "jvm_memory_pool_bytes_" + part;
            text.family(name, "gauge");
            for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
                text.sample(name, "pool", pool.getName(), part(pool.getUsage(), part));
            }
        }
    }

    private static long part(MemoryUsage usage, String part) {
        return switch (part) {
            case "used" -> usage.getUsed();
            case "committed" -> usage.getCommitted();
            case "max" -> usage.getMax();
            default -> usage.getInit();
        };
    }

    private static void buffers(Exposition text) {
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        text.family("jvm_buffer_pool_used_bytes", "gauge");
        pools.forEach(pool -> text.sample("jvm_buffer_pool_used_bytes", "pool", pool.getName(), pool.getMemoryUsed()));
        text.family("jvm_buffer_pool_capacity_bytes", "gauge");
        pools.forEach(
                pool -> text.sample("jvm_buffer_pool_capacity_bytes", "pool", pool.getName(), pool.getTotalCapacity()));
        text.family("jvm_buffer_pool_used_buffers", "gauge");
        pools.forEach(pool -> text.sample("jvm_buffer_pool_used_buffers", "pool", pool.getName(), pool.getCount()));
    }

    private static void threads(Exposition text, ThreadMXBean threads) {
        text.gauge("jvm_threads_current", threads.getThreadCount());
        text.gauge("jvm_threads_daemon", threads.getDaemonThreadCount());
        text.gauge("jvm_threads_peak", threads.getPeakThreadCount());
        text.counter("jvm_threads_started_total", threads.getTotalStartedThreadCount());
        text.gauge("jvm_threads_deadlocked", count(threads.findDeadlockedThreads()));
        text.gauge("jvm_threads_deadlocked_monitor", count(threads.findMonitorDeadlockedThreads()));
        Map<Thread.State, Integer> states = new EnumMap<>(Thread.State.class);
        for (Thread.State state : Thread.State.values()) states.put(state, 0);
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds(), 0)) {
            if (thread != null) states.merge(thread.getThreadState(), 1, Integer::sum); // null if it has ended since
        }
        text.family("jvm_threads_state", "gauge");
        states.forEach((state, count) -> text.sample("jvm_threads_state", "state", state.name(), count));
    }

    private static int count(long[] ids) {
        return ids == null ? 0 : ids.length;
    }

    private static void process(Exposition text) {
        text.gauge(
                "process_start_time_seconds",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            text.counter("process_cpu_seconds_total", system.getProcessCpuTime() / 1e9);
            text.gauge("process_open_fds", system.getOpenFileDescriptorCount());
            text.gauge("process_max_fds", system.getMaxFileDescriptorCount());
        }
        try {
            for (String line : Files.readAllLines(PROCESS)) {
                if (line.startsWith("VmSize:")) text.gauge("process_virtual_memory_bytes", bytes(line));
                else if (line.startsWith("VmRSS:")) text.gauge("process_resident_memory_bytes", bytes(line));
            }
        } catch (IOException e) {
            return; // another system than Linux, which does not tell
        }
    }

    /** Of a line like {@code VmRSS:   1234 kB}. */
    private static long bytes(String line) {
        return KIBI * Long.parseLong(line.replaceAll("\\D", ""));
    }
}
