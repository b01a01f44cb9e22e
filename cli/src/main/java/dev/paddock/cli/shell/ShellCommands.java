package dev.paddock.cli.shell;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.NodeAcl;
import dev.paddock.client.NodeData;
import dev.paddock.client.Op;
import dev.paddock.wire.Acl;
import dev.paddock.wire.Stat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The commands of the shell, one method each. A refusal of the server comes out as
 * {@link dev.paddock.client.ClientException.Refused}.
 */
@Command(
        name = "",
        synopsisHeading = "",
        customSynopsis = "",
        commandListHeading = "",
        subcommands = picocli.CommandLine.HelpCommand.class)
final class ShellCommands implements Runnable {
    private static final int DELETES_AT_ONCE = 500;

    @Spec
    private CommandSpec spec;

    private final Client client;
    private final BlockingClient calls;
    private boolean left;

    ShellCommands(Client client) {
        this.client = client;
        this.calls = client.blocking();
    }

    @Override
    public void run() {
        spec.commandLine().usage(out());
    }

    /** Whether the user has left the dialogue. */
    boolean left() {
        return left;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(description = "List the children of PATH.")
    void ls(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Option(names = "-R", description = "All that is below, one path a line.") boolean recursive,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        if (recursive) {
            for (String each : subtree(path)) out().println(each);
            return;
        }
        var children = calls.getChildren(path).value();
        out().println(children.names().stream().sorted().toList());
        if (withStat) out().println(Text.of(children.stat()));
    }

    /** A path and all that is below, parents first. */
    private List<String> subtree(String root) throws InterruptedException {
        List<String> paths = new ArrayList<>(List.of(root));
        for (int i = 0; i < paths.size(); i++) {
            String parent = paths.get(i);
            String prefix = parent.equals("/") ? "/" : parent + "/";
            calls.getChildren(parent).value().names().stream().sorted().forEach(name -> paths.add(prefix + name));
        }
        return paths;
    }

    @Command(description = "Print the data of PATH.")
    void get(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        NodeData node = calls.getData(path).value();
        out().println(new String(node.data(), StandardCharsets.UTF_8));
        if (withStat) out().println(Text.of(node.stat()));
    }

    @Command(description = "Replace the data of PATH.")
    void set(
            @Option(names = "-s", description = "Print the stat after it.") boolean withStat,
            @Option(names = "-v", description = "Only if the data has this version.", defaultValue = "-1") int version,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "DATA") String data)
            throws InterruptedException {
        Stat stat = calls.setData(path, bytes(data), version).value();
        if (withStat) out().println(Text.of(stat));
    }

    @Command(description = "Create a znode; its parent must exist.")
    void create(
            @Option(names = "-e", description = "Ephemeral: lives as long as this session.") boolean ephemeral,
            @Option(names = "-s", description = "The server appends a number that grows.") boolean sequential,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "DATA", arity = "0..1", defaultValue = "") String data,
            @Parameters(
                            paramLabel = "ACL",
                            arity = "0..1",
                            description = "scheme:id:perms,…; everybody may do everything if absent.")
                    Optional<String> acl)
            throws InterruptedException {
        List<Acl> acls = acl.map(Text::acls).orElse(Acl.OPEN_UNSAFE);
        CreateMode mode = ephemeral
                ? (sequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL)
                : (sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT);
        out().println("Created "
                + calls.create(path, bytes(data), acls, mode).value().path());
    }

    @Command(description = "Delete a znode that has no children.")
    void delete(
            @Option(names = "-v", description = "Only if the data has this version.", defaultValue = "-1") int version,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        calls.delete(path, version).value();
    }

    @Command(description = "Delete PATH and all that is below it, in steps: others may see a part.")
    void deleteall(@Parameters(paramLabel = "PATH") String path) throws InterruptedException {
        List<String> deepestFirst = subtree(path).reversed();
        for (int from = 0; from < deepestFirst.size(); from += DELETES_AT_ONCE) {
            int to = Math.min(from + DELETES_AT_ONCE, deepestFirst.size());
            List<Op> deletes = deepestFirst.subList(from, to).stream()
                    .map(each -> (Op) new Op.Delete(each, Client.ANY_VERSION))
                    .toList();
            calls.multi(deletes).value();
        }
    }

    @Command(description = "Print the stat of PATH.")
    void stat(@Parameters(paramLabel = "PATH") String path) throws InterruptedException {
        Stat stat = calls.exists(path).value().orElseThrow(() -> new NoSuchNode(path));
        out().println(Text.of(stat));
    }

    @Command(description = "Print the access control list of PATH.")
    void getAcl(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        NodeAcl node = calls.getAcl(path).value();
        for (Acl acl : node.acl()) out().println(Text.of(acl));
        if (withStat) out().println(Text.of(node.stat()));
    }

    @Command(description = "Replace the access control list of PATH.")
    void setAcl(
            @Option(names = "-s", description = "Print the stat after it.") boolean withStat,
            @Option(names = "-v", description = "Only if the list has this version.", defaultValue = "-1") int version,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "ACL", description = "scheme:id:perms,… with perms of c d r w a.") String acl)
            throws InterruptedException {
        Stat stat = calls.setAcl(path, Text.acls(acl), version).value();
        if (withStat) out().println(Text.of(stat));
    }

    @Command(description = "Wait until this server has all that was committed before.")
    void sync(@Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/") String path)
            throws InterruptedException {
        calls.sync(path).value();
        out().println("Sync is OK");
    }

    @Command(description = "Add credentials, such as: addauth digest user:password.")
    void addauth(@Parameters(paramLabel = "SCHEME") String scheme, @Parameters(paramLabel = "AUTH") String credentials)
            throws InterruptedException, ExecutionException {
        var _ = client.addAuth(scheme, bytes(credentials)).get();
    }

    @Command(description = "Leave the shell.")
    void quit() {
        left = true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code exists} found nothing. */
    static final class NoSuchNode extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoSuchNode(String path) {
            super("Node does not exist: " + path);
        }
    }
}
