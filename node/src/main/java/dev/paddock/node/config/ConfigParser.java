package dev.paddock.node.config;

import dev.paddock.node.config.NodeConfig.ClientPort;
import dev.paddock.node.config.NodeConfig.Ensemble;
import dev.paddock.node.config.NodeConfig.Storage;
import dev.paddock.node.config.NodeConfig.Timing;
import dev.paddock.node.members.Address;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.session.SessionModes;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Turns the entries of one {@code zoo.cfg} into a {@link NodeConfig}. Used once, then dropped. */
final class ConfigParser {
    /** Keys whose neglect would leave a port open or split an ensemble, and the value that makes them harmless. */
    private static final List<Refused> REFUSED = List.of(
            new Refused("quorum.auth.enableSasl", "false"),
            new Refused("quorum.auth.learnerRequireSasl", "false"),
            new Refused("quorum.auth.serverRequireSasl", "false"),
            new Refused("multiAddress.enabled", "false"),
            new Refused("oraclePath", ""));

    private static final int SNAP_COUNT_MIN = 2; // as in Apache, which takes it for what is less
    private static final int SNAP_RETAIN_MIN = 3;
    static final String FRAME_BYTES = "jute.maxbuffer";
    static final int FRAME_BYTES_DEFAULT = 0xfffff;

    private record Refused(String key, String harmless) {}

    private final PropertiesFile file;
    private final Settings settings;
    private final OptionalLong self; // in place of myid

    ConfigParser(PropertiesFile file, Settings settings, OptionalLong self) {
        this.file = file;
        this.settings = settings;
        this.self = self;
    }

    NodeConfig parse() throws ConfigException {
        refuseWhatWouldBeUnsafeToIgnore();
        settings.text("serverCnxnFactory"); // clients come in by one way here, with TLS or without
        Storage storage = storage();
        Ensemble ensemble = new EnsembleParser(settings, file, self).parse(storage.dataDir());
        Timing timing = timing(ensemble);
        Optional<SecureClients> secureClients = SecureClients.read(settings, !hasPlainPort(ensemble));
        ClientPort clientPort = clientPort(ensemble, secureClients);
        Optional<SecureMembers> secureMembers = SecureMembers.read(settings);
        Limits limits = Limits.read(settings);
        SessionModes sessions = Sessions.read(settings, ensemble.isStandalone());
        Observers observers = Observers.read(settings);
        AdminConfig admin = AdminConfig.read(settings);
        TreeConfig tree = TreeConfig.read(settings, ensemble.self());
        PauseConfig pauses = PauseConfig.read(settings);
        Security security = Security.read(settings, secureClients.isPresent());
        for (String key : file.duplicates()) {
            settings.warn(key, "is set more than once; the last line counts");
        }
        return new NodeConfig(
                file.path(),
                storage,
                clientPort,
                limits,
                sessions,
                timing,
                ensemble,
                observers,
                admin,
                tree,
                pauses,
                security,
                secureClients,
                secureMembers,
                settings.unknownKeys(),
                settings.neglectedKeys(),
                settings.warnings());
    }

    private void refuseWhatWouldBeUnsafeToIgnore() throws ConfigException {
        for (Refused refused : REFUSED) {
            Optional<String> value = settings.text(refused.key());
            if (value.isPresent() && !value.get().equalsIgnoreCase(refused.harmless())) {
                throw settings.error(
                        refused.key(),
                        "is not supported by this version, and ignoring it would be unsafe; "
                                + "remove the line to start without it");
            }
        }
    }

    private Storage storage() throws ConfigException {
        Path dataDir = settings.path("dataDir")
                .orElseThrow(() -> settings.error("dataDir", "is not set; add dataDir=/path/to/a/folder/on/disk"));
        int retain =
                settings.integer("autopurge.snapRetainCount", SNAP_RETAIN_MIN, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (retain < SNAP_RETAIN_MIN) {
            settings.warn(
                    "autopurge.snapRetainCount", "is below " + SNAP_RETAIN_MIN + "; " + SNAP_RETAIN_MIN + " is used");
        }
        return new Storage(
                dataDir,
                settings.path("dataLogDir").orElse(dataDir),
                Math.max(SNAP_COUNT_MIN, settings.integer("snapCount", 100_000, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                1024L * settings.integer("preAllocSize", 65_536, 0, 4 << 20),
                Math.max(SNAP_RETAIN_MIN, retain),
                settings.integer("autopurge.purgeInterval", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                settings.flag("snapshot.trust.empty", false),
                log());
    }

    private NodeConfig.Log log() throws ConfigException {
        NodeConfig.Log absent = NodeConfig.Log.DEFAULT;
        boolean isForced = !settings.text("forceSync").orElse("yes").equals("no"); // as Apache: nothing else is a no
        if (!isForced) {
            settings.warn(
                    "forceSync", "is no, so what was acknowledged may be lost when the machine fails; for tests only");
        }
        long usualKib = absent.snapLogBytes() / 1024;
        long snapKib = settings.longInteger("snapSizeLimitInKb", usualKib, Long.MIN_VALUE, Long.MAX_VALUE >> 10);
        return new NodeConfig.Log(
                1024 * Math.max(0, snapKib), // below 0 is no limit, as in Apache
                1024 * Math.max(0, settings.longInteger("txnLogSizeLimitInKb", 0, -1, Long.MAX_VALUE >> 10)),
                isForced,
                settings.integer("fsync.warningthresholdms", absent.slowForceMillis(), 0, Integer.MAX_VALUE),
                settings.integer("commitLogCount", absent.commitLogCount(), 1, 1 << 24),
                room(absent.room()));
    }

    private NodeConfig.Room room(NodeConfig.Room absent) throws ConfigException {
        long lowKib = settings.longInteger("diskLowKb", -1, -1, Long.MAX_VALUE >> 10);
        return new NodeConfig.Room(
                lowKib < 0 ? absent.lowBytes() : lowKib << 10,
                settings.longInteger("diskReserveKb", absent.reserveBytes() >> 10, 0, Long.MAX_VALUE >> 10) << 10);
    }

    private Timing timing(Ensemble ensemble) throws ConfigException {
        int tick = settings.integer("tickTime", 3000, 1, 3_600_000);
        int min = settings.integer("minSessionTimeout", -1, Integer.MIN_VALUE, Integer.MAX_VALUE);
        int max = settings.integer("maxSessionTimeout", -1, -1, Integer.MAX_VALUE);
        min = min == -1 ? 2 * tick : Math.max(0, min);
        max = max == -1 ? 20 * tick : max;
        if (min > max) {
            throw settings.error("minSessionTimeout", min + " is above maxSessionTimeout " + max + "; lower it");
        }
        int initLimit = limit("initLimit", ensemble, 10);
        int leaveDelay = settings.integer("leaveDelayMillis", 0, 0, 600_000);
        int leave = settings.integer("leaveMillis", 2_000, 0, 600_000);
        return new Timing(
                tick, initLimit, limit("syncLimit", ensemble, 5), min, max, leaveDelay, leave, peers(tick, initLimit));
    }

    private NodeConfig.Peers peers(int tick, int initLimit) throws ConfigException {
        long initMillis = (long) tick * initLimit;
        int dialTicks = settings.integer("connectToLearnerMasterLimit", 0, 0, 1_000_000);
        long epochMillis = settings.longInteger("leader.maxTimeToWaitForEpoch", -1, -1, Integer.MAX_VALUE);
        int silence = settings.integer("leaderSilenceMillis", 2_000, 1_000, 3_600_000);
        int resendMin = settings.integer("fastleader.minNotificationInterval", 200, 10, Integer.MAX_VALUE);
        return new NodeConfig.Peers(
                silence,
                dialTicks == 0 ? initMillis : (long) tick * dialTicks,
                settings.integer("cnxTimeout", 5000, 1, Integer.MAX_VALUE),
                epochMillis < 0 ? initMillis : epochMillis,
                resendMin,
                settings.integer(
                        "fastleader.maxNotificationInterval", Math.max(2000, resendMin), resendMin, Integer.MAX_VALUE),
                settings.integer("electionPortBindRetry", 3, 0, Integer.MAX_VALUE));
    }

    private int limit(String key, Ensemble ensemble, int example) throws ConfigException {
        boolean needed = !ensemble.isStandalone();
        int limit = settings.integer(key, 0, 0, 1_000_000);
        if (needed && limit == 0) {
            throw settings.error(key, "is not set, and an ensemble needs it; add for example " + key + "=" + example);
        }
        return limit;
    }

    private boolean hasPlainPort(Ensemble ensemble) throws ConfigException {
        return settings.integer("clientPort", 0, 0, 65_535) > 0
                || ensemble.own().flatMap(ServerSpec::client).isPresent();
    }

    private ClientPort clientPort(Ensemble ensemble, Optional<SecureClients> secure) throws ConfigException {
        int port = settings.integer("clientPort", 0, 0, 65_535);
        Optional<String> host = settings.text("clientPortAddress").filter(text -> !text.isEmpty());
        if (port == 0 && host.isPresent()) {
            throw settings.error("clientPortAddress", "is set but clientPort is not; add for example clientPort=2181");
        }
        Optional<Address> local = port == 0 ? Optional.empty() : Optional.of(new Address(host.orElse("0.0.0.0"), port));
        Optional<Address> listed = ensemble.own().flatMap(ServerSpec::client);
        if (local.isPresent() && listed.isPresent() && !agree(local.get(), listed.get())) {
            throw settings.error(
                    "clientPort",
                    local.get() + " differs from " + listed.get() + " in server." + ensemble.self()
                            + "; keep one of the two");
        }
        Address address = listed.or(() -> local)
                .or(() -> secure.flatMap(SecureClients::address))
                .orElseThrow(() -> settings.error("clientPort", "is not set; add for example clientPort=2181"));
        return new ClientPort(
                address,
                Math.max(0, settings.integer("maxClientCnxns", 60, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                settings.integer(FRAME_BYTES, FRAME_BYTES_DEFAULT, 1024, 1 << 30),
                fourLetterWords());
    }

    /** As by Apache ZooKeeper, its own scripts may always ask srvr, and its clients isro where it sends them away. */
    private Set<String> fourLetterWords() throws ConfigException {
        var words = new LinkedHashSet<>(settings.words("4lw.commands.whitelist", ""));
        words.add("srvr");
        if (settings.bool("readonlymode.enabled", false)) words.add("isro");
        return Collections.unmodifiableSet(words);
    }

    /** Every address holds the listed one, which then is the one to listen on, as in Apache ZooKeeper 3.9. */
    private static boolean agree(Address local, Address listed) {
        return local.equals(listed) || (local.host().equals("0.0.0.0") && local.port() == listed.port());
    }
}
