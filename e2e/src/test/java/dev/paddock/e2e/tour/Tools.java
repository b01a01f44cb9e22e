package dev.paddock.e2e.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compilers, interpreters and libraries of other languages: what {@code ./verify} installs, and plain Maven only looks for. */
final class Tools {
    /** Where {@code ./verify} puts what is not a package of the system. */
    static final Path CACHE = Path.of(
                    System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
            .resolve("paddock");

    private Tools() {}

    /** Skips the test where a command is not on the path. */
    static void require(String command) {
        boolean isThere = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
        assumeTrue(isThere, command + " is not installed; ./verify installs it");
    }

    /** Skips the test where a file is not there. */
    static void require(Path file, String what) {
        assumeTrue(Files.exists(file), what + " is not installed; ./verify installs it");
    }

    /** Runs a program to its end, which must be a good one, and returns what it printed. */
    static List<String> run(List<String> command, Map<String, String> environment) throws Exception {
        return run(Path.of(""), command, environment);
    }

    static List<String> run(Path folder, List<String> command, Map<String, String> environment) throws Exception {
        try (Program program = Program.start(folder, command, environment)) {
            int code = program.await(120);
            assertThat(code).as(String.join("\n", program.lines())).isZero();
            return program.lines();
        }
    }
}
