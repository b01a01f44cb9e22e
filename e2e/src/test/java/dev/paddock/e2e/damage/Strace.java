package dev.paddock.e2e.damage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The program that lets calls of the system fail. */
final class Strace {
    private Strace() {}

    /** Skips the test where it is not installed. */
    static void require() {
        boolean isThere = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "strace")));
        assumeTrue(isThere, "strace is not installed; ./verify installs it");
    }
}
