package dev.paddock.e2e;

import dev.paddock.e2e.SuiteOutcomes.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The tests of Apache Curator 5.9.0's client, framework and recipes, from the jars it publishes. Their servers run in the JVM of
 * the tests: Apache ZooKeeper's by curator-test as it is, Paddock's by the adapter in {@code src/launcher}. A test is named
 * {@code Class#method}.
 */
record CuratorSuite(Side side, Path folder) implements ForeignSuite {
    private static final long RUN_SECONDS_MAX = 1800;
    private static final int PROCESSES = 3; // at once: these tests sleep more than they work
    private static final List<String> JARS = List.of(
            "curator-client-5.9.0-tests.jar", "curator-framework-5.9.0-tests.jar", "curator-recipes-5.9.0-tests.jar");

    /** Every class with tests, ascending. */
    static List<String> classes() throws IOException {
        List<String> classes = new ArrayList<>();
        for (String path : testClassPath().split(File.pathSeparator, -1)) {
            if (!JARS.contains(Path.of(path).getFileName().toString())) continue;
            try (JarFile jar = new JarFile(path)) {
                jar.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> name.matches(".*/Test\\w+\\.class"))
                        .map(name -> name.substring(0, name.length() - ".class".length())
                                .replace('/', '.'))
                        .sorted()
                        .forEach(classes::add);
            }
        }
        return classes;
    }

    /** The class path of this test run: it holds Apache ZooKeeper, Curator and their tests. */
    static String testClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Each class or test has a JVM of its own: Apache ZooKeeper reads some system properties once, as its classes are loaded. */
    @Override
    public SuiteOutcomes run(List<String> tests) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<Future<SuiteOutcomes>> runs = new ArrayList<>();
        SuiteOutcomes outcomes = new SuiteOutcomes();
        ExecutorService workers = Executors.newFixedThreadPool(PROCESSES);
        try {
            for (String test : tests) runs.add(workers.submit(() -> runAlone(test)));
            for (Future<SuiteOutcomes> run : runs) outcomes.addAll(run.get());
        } catch (ExecutionException e) {
            throw new IOException("a process of the suite broke", e);
        } finally {
            workers.shutdownNow();
        }
        return outcomes;
    }

    private SuiteOutcomes runAlone(String test) throws IOException, InterruptedException {
        Path outcomes = folder.resolve(test.replace('#', '.') + ".outcomes");
        Files.deleteIfExists(outcomes);
        try (Command junit = Command.start(
                folder,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                JUnitRun.class.getName(),
                outcomes.toString(),
                test)) {
            int exitCode = junit.await(RUN_SECONDS_MAX);
            Files.write(folder.resolve(test.replace('#', '.') + ".log"), junit.lines());
            if (exitCode != 0) throw new IOException(test + " ended with " + exitCode + ":\n" + junit.text());
        }
        return parse(outcomes);
    }

    private String classPath() throws IOException {
        return switch (side) {
            case APACHE -> testClassPath();
            case PADDOCK -> ForeignSuite.launcher("-curator.jar") + File.pathSeparator + testClassPath();
        };
    }

    private static SuiteOutcomes parse(Path file) throws IOException {
        SuiteOutcomes outcomes = new SuiteOutcomes();
        for (String line : Files.readAllLines(file)) {
            String[] words = Arrays.copyOf(line.split(" ", 4), 4); // outcome, milliseconds, test, reason
            outcomes.add(words[2], Outcome.parse(words[0]), words[3] == null ? "" : words[3]);
        }
        return outcomes;
    }
}
