package dev.paddock.cli.shell;

import dev.paddock.client.ChildrenPage;
import dev.paddock.client.ClientException;
import dev.paddock.client.Config;
import dev.paddock.client.NodeAcl;
import dev.paddock.client.NodeData;
import dev.paddock.client.PageQuery;
import dev.paddock.client.Watcher;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Stat;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that look. A refusal of the server comes out as {@link ClientException.Refused}. */
@Command
final class ReadCommands {
    private final Surroundings surroundings;

    ReadCommands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    private PrintWriter out() {
        return surroundings.out();
    }

    private Optional<Watcher> watcher(boolean watch) {
        return watch ? Optional.of(surroundings.watcher()) : Optional.empty();
    }

    @Command(
            description = "List the children of PATH, however many there are.",
            footer = {
                "",
                "Examples:",
                "  ls /app                          all names, in order",
                "  ls -R /app                       all paths below, one a line",
                "  ls --limit 20 --prefix job- /q   the first 20 in the server's order, and how to go on"
            })
    void ls(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Option(names = "-w", description = "Tell once when a child comes or goes.") boolean watch,
            @Option(names = "-R", description = "All that is below, one path a line.") boolean recursive,
            @Option(names = "--prefix", defaultValue = "", description = "Only names that begin so.") String prefix,
            @Option(names = "--limit", description = "One page of at most so many names.") Optional<Integer> limit,
            @Option(names = "--after", defaultValue = "", description = "With --limit: go on after this name.")
                    String after,
            @Option(names = "--strict", description = "Fail if children come and go all the time.") boolean strict,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        if (recursive) {
            printTree(path, watch);
            return;
        }
        if (limit.isPresent()) {
            printPage(path, new PageQuery(after, prefix, limit.get()), withStat);
            return;
        }
        Listing listing = Listing.of(surroundings.calls(), path, prefix, watcher(watch));
        if (!listing.exact() && strict)
            throw new Failed("children of " + path + " come and go faster than they can be listed");
        out().println(listing.names());
        if (withStat) out().println(Text.of(listing.stat()));
        if (!listing.exact())
            surroundings.err().println("Children came or went meanwhile: these may be missing, or gone by now.");
    }

    private void printPage(String path, PageQuery query, boolean withStat) throws InterruptedException {
        ChildrenPage page = surroundings.calls().getChildrenPage(path, query).value();
        out().println(page.names());
        if (withStat) out().println(Text.of(page.stat()));
        page.next().ifPresent(next -> surroundings.err().println("There are more: go on with --after '" + next + "'"));
    }

    /** Parents first, names in order. It holds the names of one directory for each level that it is in. */
    private void printTree(String root, boolean watch) throws InterruptedException {
        Deque<String> left = new ArrayDeque<>(List.of(root));
        while (!left.isEmpty() && !surroundings.isInterrupted()) {
            String path = left.pop();
            Listing listing;
            try {
                listing = Listing.of(surroundings.calls(), path, "", watcher(watch));
            } catch (ClientException.Refused gone) {
                if (gone.error() != ErrorCode.NO_NODE || path.equals(root)) throw gone;
                continue;
            }
            out().println(path);
            String prefix = path.equals("/") ? "/" : path + "/";
            for (String name : listing.names().reversed()) left.push(prefix + name);
        }
    }

    @Command(description = "Print the data of PATH.")
    void get(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Option(names = "-w", description = "Tell once when it changes.") boolean watch,
            @Option(names = "-b", description = "In base64.") boolean base64,
            @Option(names = "-x", description = "As a table of hexadecimal bytes.") boolean hexadecimal,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        if (base64 && hexadecimal) throw new IllegalArgumentException("-b and -x exclude each other");
        NodeData node = watch
                ? surroundings.calls().getData(path, surroundings.watcher()).value()
                : surroundings.calls().getData(path).value();
        out().println(
                        base64
                                ? Base64.getEncoder().encodeToString(node.data())
                                : hexadecimal
                                        ? ByteBufUtil.prettyHexDump(Unpooled.wrappedBuffer(node.data()))
                                        : new String(node.data(), StandardCharsets.UTF_8));
        if (withStat) out().println(Text.of(node.stat()));
    }

    @Command(description = "Print the stat of PATH.")
    void stat(
            @Option(names = "-w", description = "Tell once when it changes, or comes.") boolean watch,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        Optional<Stat> stat = watch
                ? surroundings.calls().exists(path, surroundings.watcher()).value()
                : surroundings.calls().exists(path).value();
        out().println(Text.of(stat.orElseThrow(() -> new Failed(Text.refused(ErrorCode.NO_NODE, path)))));
    }

    @Command(description = "Print the access control list of PATH.")
    void getAcl(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        NodeAcl node = surroundings.calls().getAcl(path).value();
        for (Acl acl : node.acl()) out().println(Text.of(acl));
        if (withStat) out().println(Text.of(node.stat()));
    }

    @Command(description = "Print the paths of this session's ephemerals.")
    void getEphemerals(
            @Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/", description = "Only what begins so.")
                    String prefix)
            throws InterruptedException {
        out().println(surroundings.calls().getEphemerals(prefix).value());
    }

    @Command(description = "Print how many znodes are below PATH, at any depth.")
    void getAllChildrenNumber(@Parameters(paramLabel = "PATH") String path) throws InterruptedException {
        out().println(surroundings.calls().getAllChildrenNumber(path).value());
    }

    @Command(description = "Print who this connection has proved to be.")
    void whoami() throws InterruptedException {
        out().println("Auth scheme: User");
        for (Id id : surroundings.calls().whoAmI().value()) out().println(id.scheme() + ": " + id.id());
    }

    @Command(description = "Print the members of the ensemble.")
    void config(
            @Option(names = "-c", description = "Only the version and what clients connect to.") boolean forClients,
            @Option(names = "-w", description = "Tell once when they change.") boolean watch,
            @Option(names = "-s", description = "The stat, too.") boolean withStat)
            throws InterruptedException, ExecutionException {
        Config config = (watch
                        ? surroundings.client().getConfig(surroundings.watcher())
                        : surroundings.client().getConfig())
                .get()
                .value();
        out().println(forClients ? Text.clientsPart(config.text()) : config.text());
        if (withStat) out().println(Text.of(config.stat()));
    }

    @Command(description = "Print the version of this shell.")
    void version() {
        String version = ReadCommands.class.getPackage().getImplementationVersion(); // absent in a folder of classes
        out().println("Paddock CLI version: " + (version == null ? "(unpackaged)" : version) + ", ZooKeeper 3.9");
    }
}
