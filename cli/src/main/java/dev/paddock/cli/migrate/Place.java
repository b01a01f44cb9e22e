package dev.paddock.cli.migrate;

import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.JvmFlags;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.config.SecureClients;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.operator.migration.Finding;
import dev.paddock.operator.migration.Finding.Known;
import dev.paddock.operator.migration.Finding.Unknown;
import dev.paddock.operator.migration.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A member, and where it is asked.
 *
 * @param spec   its line of the configuration
 * @param client where it takes clients; empty if nothing says that
 * @param config its zoo.cfg, if that was given
 */
record Place(ServerSpec spec, Optional<Address> client, Optional<Config> config) {
    private static final String FORMAT = "version-2";

    /**
     * A member's zoo.cfg.
     *
     * @param file    as the user named it
     * @param node    what Paddock makes of it
     * @param isLocal whether the member's files are on this machine, and not only a copy of its zoo.cfg
     */
    record Config(Path file, NodeConfig node, boolean isLocal) {
        Settings settings(Optional<Map<String, String>> flags) {
            List<String> refusals = refusals();
            flags.flatMap(this::widerThan).ifPresent(refusals::add);
            List<String> wider = flags.isEmpty() ? Place.wider(node) : List.of();
            List<String> ignored = new ArrayList<>(node.keysWithoutEffect());
            try {
                JvmFlags judged = flags.isEmpty() ? JvmFlags.NONE : JvmFlags.judge(node, !isLocal, flags.get());
                ignored.addAll(judged.unknown());
                return new Settings(refusals, ignored, judged.lost(), wider);
            } catch (ConfigException e) {
                refusals.add(String.valueOf(e.getMessage()));
                return new Settings(refusals, ignored, List.of(), wider);
            }
        }

        private Optional<String> widerThan(Map<String, String> flags) {
            int ours = node.clientPort().frameBytesMax();
            int theirs = JvmFlags.frameBytesMax(flags);
            return ours <= theirs
                    ? Optional.empty()
                    : Optional.of(
                            file + " has " + JvmFlags.FRAME_BYTES + '=' + ours + ", which ZooKeeper takes from its JVM"
                                    + " alone, and there it is " + theirs
                                    + ": a Paddock that leads would write what the ZooKeepers"
                                    + " cannot read; take that line out, or start every ZooKeeper with -D"
                                    + JvmFlags.FRAME_BYTES + '='
                                    + ours);
        }

        private List<String> refusals() {
            List<String> refusals = new ArrayList<>(Place.refusals(node));
            if (node.secureClients().filter(SecureClients::isOnly).isPresent()) {
                refusals.add(
                        file + " lets clients in by TLS alone, and whether a member is well is asked without: add a"
                                + " clientPort to each member's, with a clientPortAddress that only you can reach, and restart them one"
                                + " by one");
            }
            Path data = node.storage().dataDir().resolve(FORMAT);
            if (isLocal && !Files.exists(data.resolve("currentEpoch"))) {
                refusals.add(data + " holds no currentEpoch, so these are not the files that the member ran on");
            }
            return refusals;
        }
    }

    /** Why nobody could see whether a member with that file is well, wherever it runs. */
    static List<String> refusals(NodeConfig node) {
        List<String> refusals = new ArrayList<>();
        if (!node.tree().digestEnabled()) {
            refusals.add("digest.enabled is false in " + node.file() + ", so nobody could see that a tree differs");
        }
        if (!node.ensemble().leaderServes()) {
            refusals.add("leaderServes is no in " + node.file()
                    + ", so whoever leads with it says that it serves nobody, and"
                    + " never that it leads: take that line out of each member's and restart them one by one");
        }
        if (!node.security().requiredSchemes().isEmpty()) {
            refusals.add(node.file()
                    + " has clients prove who they are (enforce.auth.enabled, sessionRequireClientSASLAuth),"
                    + " and whether a member is well is asked by a session of nobody's: take that line out of each member's,"
                    + " restart them one by one, and put it back when all is done");
        }
        return refusals;
    }

    /** Keys by which Paddock takes more than an Apache server does that is started without flags. */
    static List<String> wider(NodeConfig node) {
        boolean isWider = node.clientPort().frameBytesMax() > JvmFlags.frameBytesMax(Map.of());
        return isWider ? List.of(JvmFlags.FRAME_BYTES) : List.of();
    }

    long id() {
        return spec.sid();
    }

    boolean votes() {
        return spec.role() == ServerSpec.Role.PARTICIPANT;
    }

    /**
     * Reads the folders' names anew each time: a server may have written them since.
     *
     * @param flags of the JVM of an Apache server that runs there; empty if none does, or they are not known
     */
    Finding<Settings> settings(Optional<Map<String, String>> flags) {
        return config.<Finding<Settings>>map(c -> new Known<>(c.settings(flags)))
                .orElseGet(() -> new Unknown<>(
                        "has a zoo.cfg that was not given, so whether Paddock knows its settings is not known",
                        "name that file, or " + id() + "=FILE for a copy of it from another machine"));
    }

    /** Where its admin commands are, if its zoo.cfg has them open. */
    Optional<String> adminUrl() {
        return config.map(Config::node).filter(node -> node.admin().isEnabled()).map(node -> {
            Address admin = reachable(node.admin().address(), spec);
            return "http://" + admin + node.admin().commandUrl() + "/";
        });
    }

    /** An address that listens on all interfaces is looked for where the member's peers find it. */
    static Address reachable(Address address, ServerSpec spec) {
        boolean isWildcard = address.host().equals("0.0.0.0") || address.host().equals("::");
        return isWildcard ? new Address(spec.quorum().host(), address.port()) : address;
    }
}
