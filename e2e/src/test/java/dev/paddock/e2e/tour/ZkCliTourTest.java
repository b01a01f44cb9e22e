package dev.paddock.e2e.tour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.ZooKeeperMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code zkCli} 3.9.5 prints the same whoever made the servers: every command, typed into one session and run alone. */
@ExtendWith(Tours.Resolver.class)
class ZkCliTourTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> JVM = List.of(
            "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Dpaddock.log.level=OFF");
    private static final String ASKED = "printwatches is "; // what the command that tells nothing new prints

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void typed(int servers, Tours tours) throws Exception {
        List<String> script = lines("session.txt");
        tours.compare("zkcli-typed", servers, at -> {
            try (Program zkCli = start(ZooKeeperMain.class.getName(), "-server", at.connectString())) {
                long asked = 0;
                for (String line : script) {
                    String command = line.replace("@SERVER", at.connectString());
                    zkCli.type(command);
                    if (command.equals("printwatches")) asked++;
                    zkCli.type("printwatches");
                    long answers = ++asked;
                    await().pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(5))
                            .atMost(PATIENCE)
                            .until(() -> count(zkCli, ASKED) >= answers || !zkCli.isRunning());
                }
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(PATIENCE)
                        .until(() -> count(zkCli, "path:/zkcli/last") > 0 || !zkCli.isRunning());
                zkCli.type("quit");
                int code = zkCli.await(60);
                return printed(zkCli.lines(), code);
            }
        });
    }

    private static long count(Program zkCli, String part) {
        return zkCli.lines().stream().filter(line -> line.contains(part)).count();
    }

    /** Watches print between the lines of answers, as they come; so they are told apart. */
    private static List<String> printed(List<String> lines, int code) {
        List<String> events = lines.stream()
                .filter(line -> line.startsWith("WatchedEvent") && !line.contains("state:Closed"))
                .toList();
        String answers = lines.stream()
                .filter(line -> !line.startsWith("WatchedEvent") && !line.equals("WATCHER::") && !line.isBlank())
                .collect(Collectors.joining("\n"));
        List<String> printed = new ArrayList<>(answers.replace("\n[\n", "\n[") // where a watch came amid a list
                .lines()
                .map(ZkCliTourTest::sorted)
                .toList());
        printed.addAll(events);
        printed.add("exit code " + code);
        printed.add(Tours.LAST_LINE);
        return printed;
    }

    /** The paths of ephemerals come in no order. */
    private static String sorted(String line) {
        if (!line.startsWith("[/")) return line;
        return Stream.of(line.substring(1, line.length() - 1).split(", ", -1))
                .sorted()
                .toList()
                .toString();
    }

    private static List<String> withoutEvents(List<String> lines) {
        return lines.stream().filter(line -> !line.startsWith("WatchedEvent")).toList();
    }

    @ParameterizedTest(name = "{0} servers")
    @ValueSource(ints = {1, 3})
    void asArguments(int servers, Tours tours) throws Exception {
        List<String> commands = lines("commands.txt");
        tours.compare("zkcli-arguments", servers, at -> {
            try (Program zkCli = start(ZkCliRuns.class.getName(), at.connectString())) {
                commands.forEach(line -> zkCli.type(line.replace("@SERVER", at.connectString())));
                zkCli.endInput();
                int code = zkCli.await(120);
                return printed(withoutEvents(zkCli.lines()), code); // the program may end before it prints them
            }
        });
    }

    @Test
    void everyCommandIsThere() throws Exception {
        List<String> known = ZooKeeperMain.getCommands();
        for (String script : List.of("session.txt", "commands.txt")) {
            Stream<String> used = lines(script).stream().map(line -> line.split(" ", 2)[0]);
            assertThat(Stream.concat(used, Stream.of("quit")).toList())
                    .as(script)
                    .containsAll(known);
        }
    }

    private static Program start(String main, String... arguments) throws Exception {
        List<String> command = Jvm.command(JVM);
        command.add(main);
        command.addAll(Arrays.asList(arguments));
        return Program.start(command);
    }

    private static List<String> lines(String script) throws Exception {
        return Files.readAllLines(Path.of("src/test/zkcli", script));
    }
}
