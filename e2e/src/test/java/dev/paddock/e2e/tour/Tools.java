package dev.paddock.e2e.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Compilers, interpreters and libraries of other languages: what {@code ./verify} installs, and plain Maven only looks for. */
final class Tools {
    private Tools() {}

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
