package dev.paddock.e2e.releases;

import dev.paddock.e2e.NodeProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The last release of Apache ZooKeeper of each line that resolves; the build fetches them into {@code target/zookeeper}. */
enum Release {
    V3_4("3.4.14", ""),
    V3_5("3.5.10", ""),
    V3_6("3.6.4", "gz"),
    V3_7("3.7.2", "snappy"),
    V3_8("3.8.6", "gz"),
    V3_9("3.9.5", "snappy"),
    V3_9_WITHOUT_DIGESTS("3.9.5", "gz");

    private static final Path FETCHED = Path.of("target", "zookeeper").toAbsolutePath();
    private static final String OURS =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private final String version;
    private final String compression;

    Release(String version, String compression) {
        this.version = version;
        this.compression = compression;
    }

    /** How it compresses snapshots here; empty where it does not. */
    String compression() {
        return compression;
    }

    /** Containers, times to live, and a create that is answered with a {@code Stat}. */
    boolean hasExtendedTypes() {
        return this != V3_4;
    }

    boolean hasDigests() {
        return compareTo(V3_6) >= 0 && !turnsDigestsOff();
    }

    /** As {@code zoo.cfg} has to tell each server of the folder. */
    boolean turnsDigestsOff() {
        return this == V3_9_WITHOUT_DIGESTS;
    }

    /** Starts it with its clients on loopback, and returns at once. */
    NodeProcess start(Path config, int clientPort, Path log) throws IOException {
        List<String> options = new ArrayList<>(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.add("-Dpaddock.log.level=INFO");
        options.add("-Dzookeeper.jmx.log4j.disable=true"); // 3.4 would show log4j, which is not there, by JMX
        if (!compression.isEmpty()) options.add("-Dzookeeper.snapshot.compression.method=" + compression);
        var clients = new InetSocketAddress(InetAddress.getLoopbackAddress(), clientPort);
        return NodeProcess.startApache(classPath(), config, clients, log, List.of(), options);
    }

    /** Its own jars before all that this test has but those of its own ZooKeeper. */
    private String classPath() {
        if (version.equals(V3_9.version)) return OURS;
        String others = Arrays.stream(OURS.split(File.pathSeparator, -1))
                .filter(entry -> !new File(entry).getName().startsWith("zookeeper"))
                .collect(Collectors.joining(File.pathSeparator));
        return FETCHED.resolve(version) + File.separator + "*" + File.pathSeparator + others;
    }

    @Override
    public String toString() {
        return turnsDigestsOff() ? version + " without digests" : version;
    }
}
