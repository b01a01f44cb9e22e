package dev.paddock.cli.migrate;

import dev.paddock.cli.CommandFailed;
import dev.paddock.client.ConnectString;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.operator.migration.Engine;
import dev.paddock.operator.migration.Goal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which ensemble, and which way: what the commands have in common. */
final class EnsembleOptions {
    @Parameters(
            paramLabel = "CONFIG",
            arity = "0..*",
            description =
                    "The members' zoo.cfg: FILE where the member's files are on this machine, ID=FILE for a copy from"
                            + " another, with copies of the files that it names beside it.")
    List<String> configs = List.of();

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT,…",
            description = "Instead of CONFIG: ask these servers who the members are (/zookeeper/config).")
    Optional<String> servers = Optional.empty();

    @Option(names = "--back", description = "The other way: from Paddock to Apache ZooKeeper.")
    boolean back;

    @Option(
            names = "--accept",
            split = ",",
            paramLabel = "KEY",
            description =
                    "What may be so although a check objects: settings without effect in Paddock, 3.9.3; it says which.")
    List<String> accepted = List.of();

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    EnsembleOptions() {}

    Goal goal() {
        return new Goal(back ? Engine.ZOOKEEPER : Engine.PADDOCK, accepted);
    }

    Roster roster() throws InterruptedException {
        if (configs.isEmpty() == servers.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name the members' zoo.cfg files, or --server");
        }
        return servers.isPresent() ? ofServers(servers.get()) : Roster.ofFiles(configs);
    }

    private Roster ofServers(String text) throws InterruptedException {
        Optional<Members> members = Optional.empty();
        Map<Long, Address> known = new TreeMap<>();
        for (Address address : addresses(text)) {
            Optional<Visit> visit = Visit.to(address);
            visit.ifPresent(v -> known.put(v.self(), address));
            members = members.or(() -> visit.map(Visit::members));
        }
        return Roster.ofEnsemble(
                members.filter(m -> !m.servers().isEmpty())
                        .orElseThrow(() -> new CommandFailed("no member of an ensemble gives a session at " + text
                                + ", in which /zookeeper/config could be read; name the zoo.cfg files instead")),
                known);
    }

    private List<Address> addresses(String text) {
        try {
            return ConnectString.parse(text).servers().stream()
                    .map(each -> new Address(each.host(), each.port()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--server: " + e.getMessage(), e);
        }
    }
}
