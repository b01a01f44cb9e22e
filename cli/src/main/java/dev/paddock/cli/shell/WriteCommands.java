package dev.paddock.cli.shell;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.ClientException;
import dev.paddock.client.Config;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Reconfiguration;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change something. A refusal of the server comes out as {@link ClientException.Refused}. */
@Command
final class WriteCommands {
    private static final String ANY = "-1";

    private final Surroundings surroundings;

    WriteCommands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    private PrintWriter out() {
        return surroundings.out();
    }

    private BlockingClient calls() {
        return surroundings.calls();
    }

    @Command(
            description = "Create a znode; its parent must exist.",
            footer = {
                "",
                "Examples:",
                "  create /greeting hello",
                "  create -e -s /app/worker- 10.0.0.7:80",
                "  create -t 60000 /cache x                     a TTL of a minute (extendedTypesEnabled=true)",
                "  create /mine secret digest:ben:HASH=:cdrwa   for one user only"
            })
    void create(
            @Option(names = "-e", description = "Ephemeral: lives as long as this session.") boolean ephemeral,
            @Option(names = "-s", description = "The server appends a number that grows.") boolean sequential,
            @Option(names = "-c", description = "A container: goes some time after its last child.") boolean container,
            @Option(names = "-t", paramLabel = "MILLIS", description = "Goes after so long without a change.")
                    Optional<Long> ttl,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "DATA", arity = "0..1", defaultValue = "") String data,
            @Parameters(
                            paramLabel = "ACL",
                            arity = "0..1",
                            description = "scheme:id:perms,…; everybody may do everything if absent.")
                    Optional<String> acl)
            throws InterruptedException {
        if (container && (ephemeral || sequential || ttl.isPresent()))
            throw new IllegalArgumentException("-c goes with none of -e -s -t");
        if (ephemeral && ttl.isPresent()) throw new IllegalArgumentException("-e and -t exclude each other");
        List<Acl> acls = acl.map(Text::acls).orElse(Acl.OPEN_UNSAFE);
        var created = ttl.isPresent()
                ? calls().createTtl(path, bytes(data), acls, sequential, Duration.ofMillis(ttl.get()))
                : calls().create(path, bytes(data), acls, mode(ephemeral, sequential, container));
        out().println("Created " + created.value().path());
    }

    private static CreateMode mode(boolean ephemeral, boolean sequential, boolean container) {
        if (container) return CreateMode.CONTAINER;
        if (ephemeral) return sequential ? CreateMode.EPHEMERAL_SEQUENTIAL : CreateMode.EPHEMERAL;
        return sequential ? CreateMode.PERSISTENT_SEQUENTIAL : CreateMode.PERSISTENT;
    }

    @Command(description = "Replace the data of PATH.")
    void set(
            @Option(names = "-s", description = "Print the stat after it.") boolean withStat,
            @Option(names = "-v", description = "Only if the data has this version.", defaultValue = ANY) int version,
            @Option(names = "-b", description = "DATA is base64.") boolean base64,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "DATA") String data)
            throws InterruptedException {
        byte[] value = base64 ? Base64.getDecoder().decode(data) : bytes(data);
        Stat stat = calls().setData(path, value, version).value();
        if (withStat) out().println(Text.of(stat));
    }

    @Command(description = "Delete a znode that has no children.")
    void delete(
            @Option(names = "-v", description = "Only if the data has this version.", defaultValue = ANY) int version,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        calls().delete(path, version).value();
    }

    @Command(description = "Replace the access control list of PATH.")
    void setAcl(
            @Option(names = "-s", description = "Print the stat after it.") boolean withStat,
            @Option(names = "-v", description = "Only if the list has this version.", defaultValue = ANY) int version,
            @Option(names = "-R", description = "Of all that is below, too.") boolean recursive,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "ACL", description = "scheme:id:perms,… with perms of c d r w a.") String acl)
            throws InterruptedException {
        List<Acl> acls = Text.acls(acl);
        Stat stat = calls().setAcl(path, acls, version).value();
        if (withStat) out().println(Text.of(stat));
        if (recursive) setBelow(path, acls, version, withStat);
    }

    private void setBelow(String path, List<Acl> acls, int version, boolean withStat) throws InterruptedException {
        String prefix = path.equals("/") ? "/" : path + "/";
        for (String name : Listing.of(calls(), path, "", Optional.empty()).names()) {
            if (surroundings.isInterrupted()) throw new Failed("Stopped before " + prefix + name);
            try {
                setAcl(withStat, version, true, prefix + name, Text.of(acls));
            } catch (ClientException.Refused gone) {
                if (gone.error() != ErrorCode.NO_NODE) throw gone;
            }
        }
    }

    @Command(description = "Wait until this server has all that was committed before.")
    void sync(@Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/") String path)
            throws InterruptedException {
        calls().sync(path).value();
        out().println("Sync is OK");
    }

    @Command(description = "Add credentials, such as: addauth digest user:password.")
    void addauth(
            @Parameters(paramLabel = "SCHEME") String scheme,
            @Parameters(paramLabel = "AUTH", arity = "0..1", defaultValue = "") String credentials)
            throws InterruptedException, ExecutionException {
        var _ = surroundings.client().addAuth(scheme, bytes(credentials)).get();
    }

    @Command(
            description = "Change the members of the ensemble.",
            footer = {
                "",
                "Examples:",
                "  reconfig -add 'server.4=10.0.0.4:2888:3888;2181'",
                "  reconfig -remove 2 -add 'server.5=10.0.0.5:2888:3888:observer;2181'",
                "The servers must have reconfigEnabled=true, and you WRITE on /zookeeper/config."
            })
    void reconfig(
            @Option(names = "-s", description = "The stat, too.") boolean withStat,
            @Option(names = "-v", paramLabel = "HEX", description = "Only if the members have this version.")
                    Optional<String> version,
            @Option(names = "-add", paramLabel = "SERVER,…", description = "Who joins.") Optional<String> joining,
            @Option(names = "-remove", paramLabel = "N,…", description = "Who leaves.") Optional<String> leaving,
            @Option(names = "-members", paramLabel = "SERVER,…", description = "All of them, anew.")
                    Optional<String> members,
            @Option(names = "-file", paramLabel = "FILE", description = "All of them, from a file.")
                    Optional<Path> file)
            throws InterruptedException, IOException {
        if (members.isPresent() && file.isPresent())
            throw new IllegalArgumentException("-members and -file exclude each other");
        Optional<String> all = file.isPresent() ? Optional.of(servers(file.get())) : members;
        boolean isIncremental = joining.isPresent() || leaving.isPresent();
        if (all.isPresent() == isIncremental)
            throw new IllegalArgumentException("name -add and -remove, or one of -members and -file");
        long from = version.map(text -> Long.parseLong(text, 16)).orElse(-1L);
        Config config = calls().reconfig(new Reconfiguration(lower(joining), lower(leaving), lower(all), from))
                .value();
        out().println("Committed new configuration:\n" + config.text());
        if (withStat) out().println(Text.of(config.stat()));
    }

    private static Optional<String> lower(Optional<String> text) {
        return text.map(some -> some.toLowerCase(Locale.ROOT));
    }

    private static String servers(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("server.") || line.startsWith("group.") || line.startsWith("weight."))
                .collect(Collectors.joining("\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
