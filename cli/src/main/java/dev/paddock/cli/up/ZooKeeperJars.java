package dev.paddock.cli.up;

import dev.paddock.cli.CommandFailed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Apache ZooKeeper's jars, for members with {@code engine: ZooKeeper}: fetched by Maven from Maven Central when they are first wanted,
 * and kept in the user's cache, so that later runs need neither Maven nor a network.
 */
final class ZooKeeperJars {
    private static final Pattern VERSION = Pattern.compile("3\\.9\\.\\d{1,4}");
    private static final Pattern FETCHED =
            Pattern.compile("Downloaded from \\S+ \\S*/([^/ ]+\\.jar) \\(([^)]* at [^)]*)\\)");
    private static final int FAILURE_LINES = 40;

    private final Path cache;
    private final Consumer<String> screen;

    /** @param screen takes what is fetched, a line for each jar */
    ZooKeeperJars(Consumer<String> screen) {
        this(usersCache(), screen);
    }

    /** @param cache the folder that holds one folder for each version */
    ZooKeeperJars(Path cache, Consumer<String> screen) {
        this.cache = cache;
        this.screen = screen;
    }

    private static Path usersCache() {
        String named = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path all = named.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
        return all.resolve("paddock");
    }

    /**
     * The folder with the jars of a version; fetches them if they are not there.
     *
     * @throws CommandFailed if it is no version that may be mixed with ours, or Maven is not there or fails
     */
    Path folder(String version) throws IOException, InterruptedException {
        if (!VERSION.matcher(version).matches()) {
            throw new CommandFailed("spec.version: " + version + " is no ZooKeeper that Paddock's servers can be mixed"
                    + " with; 3.9.5 is one");
        }
        Path folder = cache.resolve("zookeeper-" + version);
        if (!Files.isDirectory(folder)) fetch(version, folder);
        return folder;
    }

    private void fetch(String version, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(cache);
        Path unfinished = Files.createTempDirectory(cache, "zookeeper-");
        try {
            screen.accept("fetching Apache ZooKeeper " + version + " through Maven, once, into " + folder);
            Path pom = unfinished.resolve("pom.xml");
            try (InputStream text = ZooKeeperJars.class.getResourceAsStream("zookeeper.pom.xml")) {
                if (text == null) throw new IllegalStateException("zookeeper.pom.xml is not on the class path");
                Files.copy(text, pom);
            }
            run(version, pom, unfinished.resolve("jars"));
            moveUnlessThere(unfinished.resolve("jars"), folder);
        } finally {
            delete(unfinished);
        }
    }

    private static void moveUnlessThere(Path jars, Path folder) throws IOException {
        try {
            Files.move(jars, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) throw e; // else another `paddock up` was faster
        }
    }

    private void run(String version, Path pom, Path jars) throws IOException, InterruptedException {
        Process maven = start(List.of(
                "mvn",
                "-B",
                "-f",
                pom.toString(),
                "-Dasked.version=" + version,
                "-DoutputDirectory=" + jars,
                "dependency:copy-dependencies"));
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = maven.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher fetched = FETCHED.matcher(line);
                if (fetched.find()) screen.accept("  " + fetched.group(1) + " (" + fetched.group(2) + ")");
                said.add(line);
            }
            if (maven.waitFor() == 0) return;
        } finally {
            maven.destroy();
        }
        Path log = Files.write(cache.resolve("zookeeper-" + version + ".log"), said);
        String why = said.stream()
                .skip(Math.max(0, said.size() - FAILURE_LINES))
                .filter(line -> line.startsWith("[ERROR]"))
                .findFirst()
                .orElse("[ERROR] no reason given");
        throw new CommandFailed("Apache ZooKeeper " + version + " cannot be had: " + why.substring("[ERROR] ".length())
                + " (what Maven said is in " + log + ")");
    }

    private static Process start(List<String> command) throws IOException {
        ProcessBuilder maven = new ProcessBuilder(command).redirectErrorStream(true);
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            return maven.start();
        } catch (IOException notThere) {
            throw new CommandFailed(
                    "Maven is needed once, to fetch Apache ZooKeeper: install it (apt-get install maven)", notThere);
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(each);
        }
    }
}
