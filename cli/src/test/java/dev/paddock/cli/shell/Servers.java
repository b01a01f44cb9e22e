package dev.paddock.cli.shell;

import static org.awaitility.Awaitility.await;

import dev.paddock.client.Client;
import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Some of our servers in this process, for the shell to talk to. */
final class Servers implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(90);

    private final List<Node> nodes = new ArrayList<>();
    private final List<int[]> ports = new ArrayList<>(); // client, quorum, election of each

    Servers(Path folder, int count, String... settings) throws IOException, ConfigException {
        for (int i = 0; i < count; i++) ports.add(FreePorts.some(3));
        for (int sid = 1; sid <= count; sid++) {
            Path config = config(folder, sid, String.join("\n", settings));
            nodes.add(Node.start(NodeConfig.read(config), e -> {
                throw new AssertionError("a server failed", e);
            }));
        }
        await().atMost(START_MAX)
                .until(() -> nodes.stream().noneMatch(node -> node.state().equals("leaderelection")));
    }

    private Path config(Path folder, int sid, String settings) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data" + sid));
        Files.writeString(data.resolve("myid"), sid + "\n");
        var text = new StringBuilder("tickTime=2000\ninitLimit=10\nsyncLimit=10\npreAllocSize=1024\n")
                .append("clientPortAddress=127.0.0.1\nadmin.enableServer=false\nclientPort=")
                .append(ports.get(sid - 1)[0])
                .append("\ndataDir=")
                .append(data)
                .append('\n')
                .append(settings)
                .append('\n');
        for (int i = 1; ports.size() > 1 && i <= ports.size(); i++) {
            int[] each = ports.get(i - 1);
            text.append("server.")
                    .append(i)
                    .append("=127.0.0.1:")
                    .append(each[1])
                    .append(':');
            text.append(each[2]).append('\n');
        }
        return Files.writeString(folder.resolve("zoo" + sid + ".cfg"), text);
    }

    String connectString() {
        return ports.stream().map(each -> "127.0.0.1:" + each[0]).collect(Collectors.joining(","));
    }

    Client client() throws InterruptedException {
        return connect(connectString());
    }

    static Client connect(String servers) throws InterruptedException {
        Client client =
                Client.builder(servers).sessionTimeout(Duration.ofSeconds(30)).start();
        client.connected().join();
        return client;
    }

    Shell shell(PrintWriter out, PrintWriter err) throws InterruptedException {
        return new Shell(Servers::connect, connectString(), out, err);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
