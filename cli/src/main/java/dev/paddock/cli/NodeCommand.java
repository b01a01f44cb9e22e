package dev.paddock.cli;

import dev.paddock.node.server.NodeMain;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paddock node}: one server in this process, until a signal ends it. {@link Main} comes here only for help and usage. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        description = "Run one znode server in the foreground.",
        footer = {
            "",
            "It reads what Apache ZooKeeper reads: zoo.cfg, myid, the dynamic configuration file, the data folders.",
            "",
            "Example:",
            "  paddock node /etc/paddock/zoo.cfg"
        })
final class NodeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ZOO_CFG", description = "The server's zoo.cfg.")
    private Path zooCfg = Path.of("zoo.cfg");

    NodeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        return NodeMain.run(zooCfg);
    }
}
