package dev.paddock.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What {@code ./verify} installs. */
public final class Installed {
    /** Where it puts what is not a package of the system. */
    public static final Path CACHE = Path.of(
                    System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
            .resolve("paddock");

    private Installed() {}

    /** Whether a command is on the path. */
    public static boolean isOnPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Skips the test where a command is not on the path. */
    public static void require(String command) {
        assumeTrue(isOnPath(command), command + " is not installed; ./verify installs it");
    }

    /** Skips the test where a file is not there. */
    public static void require(Path file, String what) {
        assumeTrue(Files.exists(file), what + " is not installed; ./verify installs it");
    }
}
