package dev.paddock.e2e;

import dev.paddock.e2e.SuiteOutcomes.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tests of the Go client, {@code github.com/go-zookeeper/zk} 1.0.4, which lie in its module. Their harness starts each server
 * by {@code zkServer.sh start-foreground zoo.cfg} and kills it without warning. A test is named {@code zk#TestName}.
 *
 * <p>One line is added to a copy of the module: its harness waits for an answer to {@code srvr} that dates the build as Apache
 * ZooKeeper did up to 3.6, and so would wait for 3.9.5 in vain.
 */
record GoSuite(Side side, Path folder) implements ForeignSuite {
    private static final long RUN_SECONDS_MAX = 300;
    private static final String ASKED = "response, err := fourLetterWord(servers[i], \"srvr\", timeout)\n";
    private static final String DATED =
            "response = regexp.MustCompile(`built on (\\d+)-(\\d+)-(\\d+)`).ReplaceAll(response, []byte(\"built on $2/$3/$1\"))\n";

    /** What {@code ./verify} downloads. */
    private static Path module() {
        return Installed.CACHE.resolve("go/github.com/go-zookeeper/zk@v1.0.4");
    }

    static boolean isInstalled() {
        return Installed.isOnPath("go") && Files.isDirectory(module());
    }

    /** Every test, ascending. */
    List<String> tests() throws IOException, InterruptedException {
        try (Command list = Command.start(folder, program().toString(), "-test.list", "^Test")) {
            if (list.await(RUN_SECONDS_MAX) != 0) throw new IOException("no list of tests:\n" + list.text());
            return list.lines().stream().map(name -> "zk#" + name).sorted().toList();
        }
    }

    /** The module's tests as a program, built at the first call. */
    private Path program() throws IOException, InterruptedException {
        Path source = folder.resolve("zk");
        Path program = folder.resolve("zk.test");
        if (Files.exists(program)) return program;
        Files.createDirectories(source);
        try (Stream<Path> files = Files.list(module())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, source.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path words = source.resolve("flw.go");
        String text = Files.readString(words);
        if (!text.contains(ASKED)) throw new IOException(words + " is not the one of 1.0.4");
        Files.delete(words); // files of modules are read-only
        Files.writeString(words, text.replace(ASKED, ASKED + DATED));
        try (Command go = Command.start(
                source,
                "env",
                "GOCACHE=" + Installed.CACHE.resolve("go-build"),
                "GOPROXY=off",
                "GOTOOLCHAIN=local",
                "CGO_ENABLED=0",
                "go",
                "test",
                "-c",
                "-o",
                program.toString(),
                ".")) {
            if (go.await(RUN_SECONDS_MAX) != 0) throw new IOException("the tests were not built:\n" + go.text());
        }
        return program;
    }

    /** Each test is a process of its own, since a panic or a time that runs out ends the whole of it. */
    @Override
    public SuiteOutcomes run(List<String> tests) throws IOException, InterruptedException {
        Path program = program();
        Path servers = serverScripts();
        SuiteOutcomes outcomes = new SuiteOutcomes();
        for (String test : tests) {
            String name = test.substring(test.indexOf('#') + 1);
            try (Command go = Command.start(
                    folder,
                    "env",
                    "ZOOKEEPER_BIN_PATH=" + servers,
                    "JVMFLAGS=-Xmx256m",
                    "ZK_VERSION=3.9.5",
                    program.toString(),
                    "-test.v", // shows the servers' log as well
                    "-test.run=^" + name + "$",
                    "-test.timeout=0")) {
                boolean isOver = go.ends(RUN_SECONDS_MAX);
                List<String> lines = go.lines();
                Files.write(folder.resolve(name + ".log"), lines);
                if (isOver) {
                    outcomes.add(test, outcome(name, lines), reason(lines));
                } else {
                    outcomes.add(test, Outcome.FAILED, "still running after " + RUN_SECONDS_MAX + " s");
                }
            }
        }
        return outcomes;
    }

    /** A test that died said nothing of how it ended. */
    private static Outcome outcome(String name, List<String> lines) {
        if (lines.stream().anyMatch(line -> line.contains("--- PASS: " + name + " "))) return Outcome.PASSED;
        return lines.stream().anyMatch(line -> line.contains("--- SKIP: " + name + " "))
                ? Outcome.SKIPPED
                : Outcome.FAILED;
    }

    private static String reason(List<String> lines) {
        return lines.stream()
                .filter(GoSuite::complains)
                .map(String::strip)
                .findFirst()
                .orElse("");
    }

    private static boolean complains(String line) {
        if (line.startsWith("panic: ")) return true;
        boolean isOfServer = line.contains("[ZKERR]");
        return !isOfServer && line.matches("\\s+\\w+_test\\.go:\\d+: .*");
    }

    /** The folder of the {@code zkServer.sh} to call: Paddock's own, or one that starts Apache ZooKeeper in the same way. */
    private Path serverScripts() throws IOException {
        return switch (side) {
            case PADDOCK -> {
                PaddockUp.prepareOnce();
                yield PaddockUp.ROOT.resolve("e2e/src/launcher/bin");
            }
            case APACHE -> {
                Path bin = Files.createDirectories(folder.resolve("bin"));
                Path script = bin.resolve("zkServer.sh");
                Path java = Path.of(System.getProperty("java.home"), "bin", "java");
                Files.writeString(script, """
                        #!/bin/sh
                        exec '%s' $SERVER_JVMFLAGS $JVMFLAGS -cp '%s' org.apache.zookeeper.server.quorum.QuorumPeerMain "$2"
                        """.formatted(java, CuratorSuite.testClassPath()));
                Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
                yield bin;
            }
        };
    }
}
