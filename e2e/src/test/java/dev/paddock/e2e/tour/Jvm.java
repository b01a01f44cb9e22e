package dev.paddock.e2e.tour;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM of this process, to run another program with the same class path. */
final class Jvm {
    private Jvm() {}

    /** The command up to the main class. */
    static List<String> command(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        return command;
    }
}
