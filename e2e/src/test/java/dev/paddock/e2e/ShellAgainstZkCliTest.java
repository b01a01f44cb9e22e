package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.cli.shell.Shell;
import dev.paddock.client.Client;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Apache ZooKeeper 3.9.5's zkCli and our shell do the same lines, one after the other, at one server of ours: what they print differs in nothing but times and
 * zxids, what zkCli says of itself, and our hints in parentheses.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ShellAgainstZkCliTest {
    private static final Pattern CHANGING = Pattern.compile(
            "0x[0-9a-f]+|version=[0-9a-f]+|^[0-9a-f]+(?= \\d+\\.)|\\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\S+ \\d{4}");
    private static final Pattern NOISE =
            Pattern.compile("Connecting to .*|Welcome to ZooKeeper!|JLine support is disabled|absolute path is .*"
                    + "|\\d{4}-\\d\\d-\\d\\d .*|\\d\\d:\\d\\d:\\d\\d\\..*|WARNING: .*|SLF4J.*"); // of zkCli
    private static final Pattern OURS =
            Pattern.compile("\\(.*\\)|Deleted \\d+ znodes?|\\d+ znodes? deleted before that");

    private static final List<String> LINES = List.of(
            "create /cmp root",
            "create /cmp/a 'two words'",
            "create -s /cmp/s- x",
            "create -e /cmp/e y",
            "create -e -s /cmp/es- y",
            "create -c /cmp/box z",
            "create -t 600000 /cmp/ttl z",
            "create -s -t 600000 /cmp/ttl- z",
            "create /cmp/acl data world:anyone:cdra",
            "create /cmp again",
            "create /cmp/no/parent x",
            "create /cmp/e/child x",
            "ls /cmp",
            "ls -s /cmp",
            "ls -R /cmp",
            "ls /cmp/missing",
            "get /cmp/a",
            "get -s /cmp/a",
            "get -b /cmp/a",
            "get -x /cmp/a",
            "get /cmp/missing",
            "set /cmp/a data2",
            "set -s /cmp/a data3",
            "set /cmp/a data4 -s -v 2",
            "set -v 77 /cmp/a d",
            "set -b /cmp/a AAEC",
            "get -b /cmp/a",
            "set /cmp/acl x",
            "stat /cmp",
            "stat /cmp/missing",
            "getAcl /cmp/acl",
            "getAcl -s /cmp/a",
            "setAcl -s /cmp/a world:anyone:cdrwa",
            "setAcl -v 9 /cmp/a world:anyone:cdrwa",
            "setAcl -R /cmp/box world:anyone:cdrwa",
            "addauth digest ben:secret",
            "whoami",
            "getEphemerals /cmp/e",
            "getAllChildrenNumber /cmp",
            "getAllChildrenNumber /cmp/missing",
            "addWatch -m PERSISTENT /cmp/nothing",
            "sync /cmp",
            "setquota -n 50 /cmp/a",
            "setquota -B 1000 /cmp/a",
            "setquota -n 5 /cmp",
            "setquota -n 5 /cmp/missing",
            "listquota /cmp/a",
            "listquota /cmp/box",
            "delquota -n /cmp/a",
            "listquota /cmp/a",
            "delquota /cmp/a",
            "delquota /cmp/a",
            "printwatches",
            "printwatches off",
            "printwatches",
            "history",
            "redo 16",
            "redo 900",
            "delete /cmp/missing",
            "delete /cmp",
            "delete -v 8 /cmp/box",
            "delete /cmp/box",
            "deleteall /cmp/missing",
            "deleteall /cmp -b 3",
            "ls /",
            "close",
            "ls /");

    @TempDir
    Path folder;

    @Test
    void theyPrintTheSame() throws Exception {
        Path config = Files.writeString(
                folder.resolve("zoo.cfg"),
                "tickTime=2000\ndataDir=" + folder.resolve("data") + "\nclientPort=" + FreePorts.one()
                        + "\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\nextendedTypesEnabled=true\n");
        Node node = Node.start(NodeConfig.read(config), e -> {
            throw new AssertionError("the server failed", e);
        });
        try (node) {
            String server = "127.0.0.1:" + node.clientAddress().getPort();
            List<String> theirs = cleaned(zkCli(server, LINES), NOISE.asMatchPredicate());
            List<String> ours = cleaned(ourShell(server, LINES), OURS.asMatchPredicate());
            assertThat(ours).containsExactlyElementsOf(theirs);
            assertThat(ours).hasSizeGreaterThan(150); // that both did something
        }
    }

    /** One server that is an ensemble of its own, so that members may come, though none of them runs. */
    @Test
    void theyChangeMembersInTheSameWay() throws Exception {
        String own = "server.1=127.0.0.1:" + FreePorts.one() + ":" + FreePorts.one() + ":participant;127.0.0.1:"
                + FreePorts.one();
        List<String> lines = List.of(
                "config",
                "config -c",
                "reconfig -add server.9=127.0.0.1:1:2:observer;3",
                "config -c",
                "reconfig -s -remove 9",
                "reconfig -add server.8=127.0.0.1:5:6;127.0.0.1:7",
                "reconfig -add nonsense",
                "reconfig -remove 1",
                "reconfig -v 77 -remove 9",
                "reconfig -members " + own + ",server.9=127.0.0.1:1:2:observer;3",
                "reconfig -remove 9 -add server.7=127.0.0.1:4:5:observer;6",
                "config -s",
                "reconfig -remove 7");
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("myid"), "1");
        Path config = Files.writeString(
                folder.resolve("zoo.cfg"),
                "tickTime=2000\ninitLimit=5\nsyncLimit=5\ndataDir=" + data + "\nadmin.enableServer=false\nskipACL=yes\n"
                        + "standaloneEnabled=false\nreconfigEnabled=true\n" + own + "\n");
        Node node = Node.start(NodeConfig.read(config), e -> {
            throw new AssertionError("the server failed", e);
        });
        try (node) {
            String server = "127.0.0.1:" + node.clientAddress().getPort();
            List<String> theirs = cleaned(zkCli(server, lines), NOISE.asMatchPredicate());
            List<String> ours = cleaned(ourShell(server, lines), OURS.asMatchPredicate()).stream()
                    .map(line -> line.replace(" : /zookeeper/config", " : ")) // zkCli names no path
                    .toList();
            assertThat(ours).containsExactlyElementsOf(theirs);
            assertThat(ours).hasSizeGreaterThan(25);
        }
    }

    private static List<String> cleaned(String text, Predicate<String> noise) {
        return text.lines()
                .map(line -> CHANGING.matcher(line).replaceAll("*"))
                .filter(line -> !line.isBlank() && !noise.test(line))
                .filter(line ->
                        !line.equals("WATCHER::") && !line.startsWith("WatchedEvent state:SyncConnected type:None"))
                .toList();
    }

    private static String ourShell(String server, List<String> lines) throws Exception {
        var printed = new StringWriter();
        var out = new PrintWriter(printed, true);
        try (Shell shell = new Shell(ShellAgainstZkCliTest::connect, server, out, out)) {
            var input = new BufferedReader(new StringReader(String.join("\n", lines) + "\n"));
            shell.converse(input, false);
        }
        return printed.toString();
    }

    private static Client connect(String servers) {
        Client client = Client.builder(servers).start();
        client.connected().join();
        return client;
    }

    private String zkCli(String server, List<String> lines) throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("lines"), lines);
        Path output = folder.resolve("output");
        Path silent = Files.writeString(
                folder.resolve("logback.xml"), "<configuration><root level=\"OFF\"/></configuration>");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-Dlogback.configurationFile=" + silent,
                        "-cp",
                        classPath,
                        "org.apache.zookeeper.ZooKeeperMain",
                        "-server",
                        server)
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
