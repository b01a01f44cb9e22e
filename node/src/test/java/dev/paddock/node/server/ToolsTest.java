package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators' tools make of the answers, read the way those tools read them. */
class ToolsTest {
    private static final Pattern CLIENT =
            Pattern.compile(" /(\\S+):(\\d+)\\[(\\d)]\\(queued=(\\d+),recved=(\\d+),sent=(\\d+)\\)");

    @TempDir
    Path folder;

    @Test
    void toolsReadTheAnswers() throws Exception {
        try (var server = new LocalEnsemble(folder, 1, "4lw.commands.whitelist=*")) {
            server.startAll();
            server.awaitServing();
            int port = server.clientPort(1);
            zkServerStatus(port);
            zkTop(port);
            exporter(port);
        }
    }

    /** {@code zkServer.sh status} runs this class and looks for the line. */
    private static void zkServerStatus(int port) throws Exception {
        String answer = FourLetterWordMain.send4LetterWord("127.0.0.1", port, "srvr");
        assertThat(answer.lines().filter(line -> line.startsWith("Mode"))).containsExactly("Mode: standalone");
    }

    /** zkTop takes the version, then a line for each client up to an empty one, then {@code key: value}. */
    private static void zkTop(int port) throws Exception {
        String[] lines =
                FourLetterWordMain.send4LetterWord("127.0.0.1", port, "stat").split("\n", -1);
        assertThat(lines[0])
                .matches(
                        "Zookeeper version: 3\\.9\\.5-[A-Za-z0-9.-]+, built on \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC");
        assertThat(lines[1]).isEqualTo("Clients:");
        int at = 2;
        for (; !lines[at].isEmpty(); at++) {
            Matcher client = CLIENT.matcher(lines[at]);
            assertThat(client.matches()).as(lines[at]).isTrue();
        }
        assertThat(at).isGreaterThan(2);
        assertThat(lines[at + 1]).matches("Latency min/avg/max: \\d+/[0-9.]+/\\d+");
        for (String key :
                new String[] {"Received", "Sent", "Connections", "Outstanding", "Zxid", "Mode", "Node count"}) {
            at++;
            assertThat(lines[at + 1]).startsWith(key + ": ");
        }
    }

    /** An exporter of mntr drops {@code zk_}, and takes for a number what is one. */
    private static void exporter(int port) throws Exception {
        String answer = FourLetterWordMain.send4LetterWord("127.0.0.1", port, "mntr");
        int numbers = 0;
        for (String line : answer.split("\n", -1)) {
            if (line.isEmpty()) continue;
            String[] parts = line.split("\t", -1);
            assertThat(parts).as(line).hasSize(2);
            assertThat(parts[0]).startsWith("zk_");
            if (parts[0].equals("zk_version") || parts[0].equals("zk_server_state")) continue;
            assertThat(Double.parseDouble(parts[1])).as(line).isFinite();
            numbers++;
        }
        assertThat(numbers).isGreaterThan(90);
    }
}
