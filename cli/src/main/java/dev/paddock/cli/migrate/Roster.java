package dev.paddock.cli.migrate;

import dev.paddock.cli.CommandFailed;
import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.operator.migration.Quorum;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The members of an ensemble, and where each is asked.
 *
 * @param places ascending by id
 */
record Roster(List<Place> places, Quorum quorum) {
    private static final Pattern COPY = Pattern.compile("(\\d{1,3})=(.+)");

    /**
     * From members' configuration files.
     *
     * @param texts each {@code FILE} of a member on this machine, or {@code ID=FILE}, a copy of another machine's
     * @throws CommandFailed if one cannot be read, or they are not of one ensemble
     */
    static Roster ofFiles(List<String> texts) {
        SortedMap<Long, Place.Config> configs = new TreeMap<>();
        for (String text : texts) {
            Place.Config config = read(text);
            NodeConfig.Ensemble ensemble = config.node().ensemble();
            if (ensemble.isStandalone()) {
                throw new CommandFailed(config.file() + " is of a server alone: stop it, then start `paddock node "
                        + config.file() + "` on the same files");
            }
            Place.Config other = configs.put(ensemble.self(), config);
            if (other != null) {
                throw new CommandFailed(other.file() + " and " + config.file() + " are both of member "
                        + ensemble.self() + "; for copies from other machines say ID=FILE");
            }
        }
        Place.Config first = configs.get(configs.firstKey());
        configs.values().forEach(config -> requireAlike(first, config));
        return of(first.node().ensemble().members(), configs, Map.of());
    }

    private static Place.Config read(String text) {
        Matcher copy = COPY.matcher(text);
        try {
            if (!copy.matches()) return new Place.Config(Path.of(text), NodeConfig.read(Path.of(text)), true);
            Path file = Path.of(copy.group(2));
            return new Place.Config(file, NodeConfig.readCopy(file, Long.parseLong(copy.group(1))), false);
        } catch (ConfigException.NotCopied e) {
            throw new CommandFailed(e.getMessage(), e);
        } catch (ConfigException e) {
            throw new CommandFailed("Paddock does not start with this: " + e.getMessage(), e);
        }
    }

    private static void requireAlike(Place.Config one, Place.Config other) {
        var mine = one.node().ensemble().servers();
        var theirs = other.node().ensemble().servers();
        boolean alike = mine.keySet().equals(theirs.keySet())
                && mine.values().stream().allMatch(spec -> isLike(spec, theirs.get(spec.sid())));
        if (!alike) {
            throw new CommandFailed(one.file() + " and " + other.file() + " name different members");
        }
    }

    /** A server's own line may have its client address, where the others' do not. */
    private static boolean isLike(ServerSpec one, ServerSpec other) {
        return one.quorum().equals(other.quorum())
                && one.election().equals(other.election())
                && one.role() == other.role();
    }

    /**
     * From what the ensemble itself says, read from some of its servers.
     *
     * @param known where members were found, by id
     */
    static Roster ofEnsemble(Members members, Map<Long, Address> known) {
        return of(members, new TreeMap<>(), known);
    }

    private static Roster of(Members members, SortedMap<Long, Place.Config> configs, Map<Long, Address> known) {
        List<Place> places = members.servers().values().stream()
                .map(spec -> {
                    Optional<Place.Config> own = Optional.ofNullable(configs.get(spec.sid()));
                    Optional<Address> client = own.map(config ->
                                    Place.reachable(config.node().clientPort().address(), spec))
                            .or(() -> Optional.ofNullable(known.get(spec.sid())))
                            .or(() -> spec.client().map(address -> Place.reachable(address, spec)))
                            .or(() -> asOnOtherMachines(spec, configs));
                    return new Place(spec, client, own);
                })
                .toList();
        return new Roster(places, members::isQuorum);
    }

    /** Members on machines of their own mostly have one client port; who answers there is asked for its id. */
    private static Optional<Address> asOnOtherMachines(ServerSpec spec, SortedMap<Long, Place.Config> configs) {
        boolean isAlone = configs.values().stream()
                .noneMatch(config -> config.node()
                        .ensemble()
                        .own()
                        .orElseThrow()
                        .quorum()
                        .host()
                        .equals(spec.quorum().host()));
        return configs.values().stream()
                .filter(_ -> isAlone)
                .findFirst()
                .map(config -> new Address(
                        spec.quorum().host(),
                        config.node().clientPort().address().port()));
    }

    Place place(long id) {
        return places.stream().filter(place -> place.id() == id).findFirst().orElseThrow();
    }
}
