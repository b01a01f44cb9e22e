package dev.paddock.e2e.kubernetes;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * An image of Apache ZooKeeper's server under the name of the official one, which needs a registry. What pods rely on is the same:
 * entrypoint, {@code zkServer.sh}, bash and grep, {@code ZOO_*}, {@code /conf}, {@code /logs}, its metrics and its admin server. Java and the C
 * library are those of Paddock's own images.
 */
final class ApacheImage {
    static final String VERSION = "3.9.5";

    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final Path SCRIPTS = ROOT.resolve("e2e/src/test/images/zookeeper");
    private static final Path BESIDES =
            ROOT.resolve("e2e/target/zookeeper/image"); // jars that no test's class path has
    private static final Pattern NEEDED = Pattern.compile(
            "(zookeeper|zookeeper-jute|netty|slf4j-api|logback|jackson|commons-io|metrics-core|snappy-java|audience)-.*[.]jar");
    private static final List<String> PROGRAMS = List.of("bash", "grep");
    private static final Pattern LOWEST = Pattern.compile("\"Layers\":\\[\"([0-9a-f]{64}[.]tar)\"");

    private ApacheImage() {}

    /** Loads it, unless that was done; a cluster that was given has the official one. */
    static void loadInto(Lab lab) throws IOException, InterruptedException {
        Images.loadInto(lab);
        lab.once("image of Apache ZooKeeper", () -> {
            if (!lab.isGiven()) lab.load(write(ROOT.resolve("e2e/target/zookeeper-image")));
        });
    }

    private static Path write(Path folder) throws IOException, InterruptedException {
        FileUtils.deleteDirectory(folder.toFile());
        Files.createDirectories(folder);
        String base = baseOf(Images.archive("node"), folder);
        Path root = folder.resolve("root");
        FileUtils.copyDirectory(SCRIPTS.toFile(), root.toFile());
        for (String program : PROGRAMS) LinkedPrograms.add(program, root);
        addJars(Files.createDirectories(root.resolve("apache-zookeeper/lib")));
        for (String empty : List.of("data", "datalog", "logs")) Files.createDirectory(root.resolve(empty));
        DockerArchive.tar(folder.resolve("zookeeper.tar"), root, names(root));
        return DockerArchive.write(folder, "zookeeper:" + VERSION, """
                {"User": "1000:1000", "WorkingDir": "/apache-zookeeper",
                 "Entrypoint": ["/docker-entrypoint.sh"], "Cmd": ["zkServer.sh", "start-foreground"],
                 "Env": ["PATH=/bin:/opt/paddock/runtime/bin:/apache-zookeeper/bin", "LANG=C.UTF-8", "ZOOCFGDIR=/conf",
                         "ZOO_CONF_DIR=/conf", "ZOO_DATA_DIR=/data", "ZOO_DATA_LOG_DIR=/datalog", "ZOO_LOG_DIR=/logs"]}""", List.of(base, "zookeeper.tar"));
    }

    /** Takes the lowest layer of one of Paddock's images. */
    private static String baseOf(Path image, Path folder) throws IOException, InterruptedException {
        Sandbox.run(List.of("tar", "-xf", image.toString(), "-C", folder.toString(), "manifest.json"));
        Matcher lowest = LOWEST.matcher(Files.readString(folder.resolve("manifest.json")));
        if (!lowest.find()) throw new IOException(image + " names no layers");
        Sandbox.run(List.of("tar", "-xf", image.toString(), "-C", folder.toString(), lowest.group(1)));
        return lowest.group(1);
    }

    private static void addJars(Path lib) throws IOException {
        String ours = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (Stream<Path> besides = Files.list(BESIDES)) {
            Stream<Path> needed = Arrays.stream(ours.split(File.pathSeparator, -1))
                    .map(Path::of)
                    .filter(jar -> NEEDED.matcher(jar.getFileName().toString()).matches());
            for (Path jar : Stream.concat(needed, besides).toList()) Files.copy(jar, lib.resolve(jar.getFileName()));
        }
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }
}
