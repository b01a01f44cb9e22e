package dev.paddock.e2e;

import dev.paddock.e2e.SuiteOutcomes.Outcome;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * kazoo 2.11.0's own tests, which lie in its wheel: pytest runs them, and their harness starts ensembles of three, each server by
 * {@code java … org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg}. A test is named {@code module.Class#method}.
 */
record KazooSuite(Side side, Path folder) implements ForeignSuite {
    private static final long RUN_SECONDS_MAX = 3600;
    private static final String PACKAGE = "kazoo.tests.";
    private static final int PORTS = 30; // ten for each server

    /** What {@code ./verify} installs. */
    static Path python() {
        return Installed.CACHE.resolve("kazoo-2.11.0/bin/python");
    }

    static boolean isInstalled() {
        return Files.isExecutable(python().resolveSibling("pytest"));
    }

    /** Every module with tests, ascending. */
    static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(testFolder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("test_\\w+\\.py"))
                    .map(name -> name.substring(0, name.length() - ".py".length()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public SuiteOutcomes run(List<String> tests) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path report = folder.resolve(runName() + ".xml");
        List<String> words =
                new ArrayList<>(List.of("env", "CI=1", "ZOOKEEPER_VERSION=3.9.5", "ZOOKEEPER_CLUSTER_SIZE=3"));
        words.add("PATH=" + Path.of(System.getProperty("java.home"), "bin") + ":" + System.getenv("PATH"));
        words.add("ZOOKEEPER_PORT_OFFSET=" + freePorts());
        words.addAll(server());
        words.addAll(List.of(python().toString(), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=180"));
        Path installed = testFolder();
        // pytest names a test by its way from here
        words.addAll(List.of("--rootdir=" + installed.getParent().getParent(), "--junitxml=" + report));
        tests.forEach(test -> words.add(nodeId(installed, test)));
        try (Command pytest = Command.start(folder, words.toArray(String[]::new))) {
            int exitCode = pytest.await(RUN_SECONDS_MAX);
            Files.write(report.resolveSibling(report.getFileName() + ".log"), pytest.lines());
            if (exitCode > 1) throw new IOException("pytest ended with " + exitCode + ":\n" + pytest.text());
        }
        return parse(report);
    }

    /** A name that no run before has taken: those of the tests that failed are kept apart from the first. */
    private String runName() {
        int run = 1;
        while (Files.exists(folder.resolve("run-" + run + ".xml"))) run++;
        return "run-" + run;
    }

    /** DIGEST-MD5, which the tests of SASL use, is off in Apache ZooKeeper's FIPS mode, its default. */
    private List<String> server() throws IOException {
        String flags = "-Xmx256m -Dzookeeper.fips-mode=false";
        return switch (side) {
            case APACHE -> List.of("ZOOKEEPER_CLASSPATH=" + CuratorSuite.testClassPath(), "JDK_JAVA_OPTIONS=" + flags);
            case PADDOCK -> {
                PaddockUp.prepareOnce();
                Path target = PaddockUp.ROOT.resolve("cli/target");
                // first what the archive of prepared classes was made with, or it is not taken
                String classPath = ForeignSuite.only(target, ".jar") + ":"
                        + Files.readString(target.resolve("classpath")) + ":" + ForeignSuite.launcher("-launcher.jar");
                yield List.of(
                        "ZOOKEEPER_CLASSPATH=" + classPath,
                        "JDK_JAVA_OPTIONS=@" + target.resolve("launch/node.args") + " " + flags);
            }
        };
    }

    private static Path testFolder() throws IOException {
        return ForeignSuite.only(python().getParent().resolveSibling("lib"), "").resolve("site-packages/kazoo/tests");
    }

    /** {@code module.Class#method}, or what holds it, as pytest takes it. */
    private static String nodeId(Path installed, String test) {
        String[] ownerAndMethod = test.split("#", 2);
        String[] moduleAndClass = ownerAndMethod[0].split("\\.", 2);
        StringBuilder id =
                new StringBuilder(installed.resolve(moduleAndClass[0] + ".py").toString());
        if (moduleAndClass.length > 1) id.append("::").append(moduleAndClass[1]);
        if (ownerAndMethod.length > 1) id.append("::").append(ownerAndMethod[1]);
        return id.toString();
    }

    /** The first of a range in which nothing listens now, below those the system hands out. */
    private static int freePorts() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = 12_000 + ThreadLocalRandom.current().nextInt(1_500) * 10;
            if (IntStream.range(first, first + PORTS).allMatch(FreePorts::isFree)) return first;
        }
        throw new IOException("no free range of ports");
    }

    private static SuiteOutcomes parse(Path report) throws IOException {
        SuiteOutcomes outcomes = new SuiteOutcomes();
        try {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
            NodeList cases = document.getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) add(outcomes, (Element) cases.item(i));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " is no report", e);
        }
        return outcomes;
    }

    private static void add(SuiteOutcomes outcomes, Element test) throws IOException {
        String owner = test.getAttribute("classname");
        if (!owner.startsWith(PACKAGE)) throw new IOException("a test of another package: " + owner);
        String name = owner.substring(PACKAGE.length()) + "#" + test.getAttribute("name");
        Outcome outcome = Outcome.PASSED;
        String reason = "";
        for (Node child = test.getFirstChild(); child != null; child = child.getNextSibling()) {
            switch (child.getNodeName()) {
                case "skipped" -> outcome = Outcome.SKIPPED;
                case "failure", "error" -> outcome = Outcome.FAILED;
                default -> {
                    continue; // what it printed
                }
            }
            reason = ((Element) child)
                    .getAttribute("message")
                    .lines()
                    .findFirst()
                    .orElse("");
        }
        outcomes.add(name, outcome, reason);
    }
}
