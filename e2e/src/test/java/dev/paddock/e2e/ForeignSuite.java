package dev.paddock.e2e;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tests that others wrote for their client, unchanged, and the servers they are run against. */
sealed interface ForeignSuite permits KazooSuite, CuratorSuite, GoSuite {
    /** Whose servers. */
    enum Side {
        APACHE,
        PADDOCK
    }

    /** Runs these tests, named as in {@link SuiteOutcomes}, or by what holds several of them. */
    SuiteOutcomes run(List<String> tests) throws IOException, InterruptedException;

    /**
     * Runs them, and those that failed once more each, up to twice: many of these tests bound times that a busy machine exceeds,
     * whoever's the servers are.
     */
    default SuiteOutcomes runPatiently(List<String> tests) throws IOException, InterruptedException {
        SuiteOutcomes outcomes = run(tests);
        for (int attempt = 0; attempt < 2 && !outcomes.failed().isEmpty(); attempt++) {
            outcomes.replace(run(outcomes.failed()));
        }
        return outcomes;
    }

    /** The one file in a folder whose name ends so. */
    static Path only(Path folder, String ending) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + ending)) {
            return found.iterator().next();
        }
    }

    /** What the build made of {@code src/launcher}. */
    static Path launcher(String ending) throws IOException {
        return only(PaddockUp.ROOT.resolve("e2e/target/launcher"), ending);
    }
}
