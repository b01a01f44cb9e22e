package dev.paddock.node.config;

import dev.paddock.node.members.Address;
import dev.paddock.node.members.Members;
import dev.paddock.node.members.ServerSpec;
import dev.paddock.node.session.SessionModes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What {@code zoo.cfg} says, checked and with its defaults filled in; keys are Apache ZooKeeper 3.9's, and so are the defaults
 * but for two that docs/compatibility.md names.
 *
 * @param file        where it was read
 * @param storage     folders and what is kept in them
 * @param clientPort  how clients come in
 * @param limits      how much clients may ask
 * @param sessions    which sessions there are besides global ones
 * @param timing      ticks and session timeouts
 * @param ensemble    who the members are, and which one this is
 * @param observers   how observers hang on the others
 * @param admin       the HTTP ports of operators
 * @param tree        what the znodes may be, and how much
 * @param pauses      whether the JVM is watched for pauses
 * @param security    how clients prove who they are
 * @param secureClients how clients come in by TLS; empty if they do not
 * @param secureMembers how the members speak TLS; empty if they do not
 * @param unknownKeys keys nothing here acts on, in file order; {@code main} names them in one warning
 * @param neglectedKeys keys that are known here and ask for what is not done; each has a warning
 * @param warnings    other sentences to log once at start-up
 */
public record NodeConfig(
        Path file,
        Storage storage,
        ClientPort clientPort,
        Limits limits,
        SessionModes sessions,
        Timing timing,
        Ensemble ensemble,
        Observers observers,
        AdminConfig admin,
        TreeConfig tree,
        PauseConfig pauses,
        Security security,
        Optional<SecureClients> secureClients,
        Optional<SecureMembers> secureMembers,
        List<String> unknownKeys,
        List<String> neglectedKeys,
        List<String> warnings) {

    /** All keys that ask for what is not done here. */
    public List<String> keysWithoutEffect() {
        return Stream.concat(unknownKeys.stream(), neglectedKeys.stream()).toList();
    }

    /**
     * Folders, and what is kept in them.
     *
     * @param dataDir            folder of {@code myid} and of the snapshots' {@code version-2}
     * @param dataLogDir         folder of the logs' {@code version-2}; {@code dataDir} unless set
     * @param snapCount          txns between two snapshots
     * @param preAllocBytes      size of a fresh log file; 0 lets it grow
     * @param snapRetainCount    snapshots kept by a purge, at least 3
     * @param purgeIntervalHours hours between purges; 0 is never
     * @param trustEmptySnapshot whether a log without any snapshot may be taken for the whole history
     * @param log                how the log is written
     */
    public record Storage(
            Path dataDir,
            Path dataLogDir,
            int snapCount,
            long preAllocBytes,
            int snapRetainCount,
            int purgeIntervalHours,
            boolean trustEmptySnapshot,
            Log log) {}

    /**
     * How the log is written.
     *
     * @param snapLogBytes    bytes of txns between two snapshots, if {@code snapCount} txns are not reached before
     * @param fileBytesMax    when the log goes on in another file; 0 is at the next snapshot
     * @param isForced        whether txns are forced to the disk before they are acknowledged
     * @param slowForceMillis how long a force may take without a word in the log
     * @param commitLogCount  latest txns kept in memory for learners that lag
     * @param room            what is kept free for it
     */
    public record Log(
            long snapLogBytes,
            long fileBytesMax,
            boolean isForced,
            int slowForceMillis,
            int commitLogCount,
            Room room) {
        /** What is not configured. */
        public static final Log DEFAULT = new Log(4L << 30, 0, true, 1000, 10_000, Room.DEFAULT);
    }

    /**
     * What is kept free on each disk.
     *
     * @param lowBytes     how much at least is left where changes are taken; -1 for a tenth of the disk, and at most 64 MiB
     * @param reserveBytes size of the file that is deleted where nothing is left; 0 for none
     */
    public record Room(long lowBytes, long reserveBytes) {
        /** What is not configured. */
        public static final Room DEFAULT = new Room(-1, 4 << 20);
    }

    /**
     * How clients come in.
     *
     * @param address             where to listen; host {@code 0.0.0.0} unless set
     * @param maxClientCnxns      connections of one IP address; 0 is unlimited
     * @param frameBytesMax       largest request, {@code jute.maxbuffer}
     * @param fourLetterWords     words answered; may hold {@code *}
     */
    public record ClientPort(Address address, int maxClientCnxns, int frameBytesMax, Set<String> fourLetterWords) {
        /** Whether a four letter word is on the whitelist. */
        public boolean answers(String word) {
            return fourLetterWords.contains("*") || fourLetterWords.contains(word);
        }
    }

    /**
     * Ticks and session timeouts.
     *
     * @param tickTimeMillis          the unit of all other times
     * @param initLimit               ticks a learner has for connecting and synchronizing; 0 where standalone
     * @param syncLimit               ticks a learner may lag or be silent; 0 where standalone
     * @param minSessionTimeoutMillis lower bound of what is negotiated
     * @param maxSessionTimeoutMillis upper bound of what is negotiated
     * @param leaveDelayMillis        how long a server that is told to stop first goes on as before
     * @param leaveMillis             how long it hands over then and sends its clients away
     * @param peers                   patience with other members
     */
    public record Timing(
            int tickTimeMillis,
            int initLimit,
            int syncLimit,
            int minSessionTimeoutMillis,
            int maxSessionTimeoutMillis,
            int leaveDelayMillis,
            int leaveMillis,
            Peers peers) {}

    /**
     * Patience with other members, in milliseconds.
     *
     * @param silenceMillis   how long a leader of ours may be silent, and a quorum to it
     * @param dialMillis      how long a learner may take to connect to its leader
     * @param connectMillis   how long one attempt to connect may take
     * @param epochMillis     how long a leader waits for a quorum to call
     * @param resendMinMillis when a vote is told again that nobody answered
     * @param resendMaxMillis to which this doubles each time
     * @param bindAttempts    how often the election port is tried to be had; 0 is for ever
     */
    public record Peers(
            int silenceMillis,
            long dialMillis,
            int connectMillis,
            long epochMillis,
            int resendMinMillis,
            int resendMaxMillis,
            int bindAttempts) {}

    /**
     * Who the members are, and which one this is.
     *
     * @param self               sid of this server, from {@code myid}; 0 where standalone without one
     * @param members            all members, none where standalone; as this server read them at its start
     * @param dynamicConfigFile  the file the members were read from, if not {@code zoo.cfg} itself
     * @param standaloneEnabled  whether one configured member runs alone, without Zab
     * @param reconfigEnabled    whether clients may change the members
     * @param quorumListenOnAllIps whether peer ports listen on every interface
     * @param leaderServes       whether it takes clients while it leads; without peers it always does
     * @param zxidsPerEpoch      how many transactions an epoch may have
     */
    public record Ensemble(
            long self,
            Members members,
            Optional<Path> dynamicConfigFile,
            boolean standaloneEnabled,
            boolean reconfigEnabled,
            boolean quorumListenOnAllIps,
            boolean leaderServes,
            long zxidsPerEpoch) {
        /** All members by sid, ascending. */
        public SortedMap<Long, ServerSpec> servers() {
            return members.servers();
        }

        /** Version of the members, 0 if they never changed. */
        public long version() {
            return members.version();
        }

        /** Whether this server runs alone, without election and peers. */
        public boolean isStandalone() {
            return servers().isEmpty() || (standaloneEnabled && servers().size() == 1);
        }

        /** This server's own line; empty where standalone without one. */
        public Optional<ServerSpec> own() {
            return Optional.ofNullable(servers().get(self));
        }
    }

    /**
     * Reads and checks a {@code zoo.cfg}, the files it names, and {@code myid}.
     *
     * @throws ConfigException if this server cannot start with it
     */
    public static NodeConfig read(Path file) throws ConfigException {
        return read(file, System.getProperties());
    }

    /**
     * Likewise, a copy of another machine's file, whose {@code myid} is not here. Files that it names are looked for beside it, by their
     * names alone, but for passwords, which are not read.
     *
     * @param self what is in it
     */
    public static NodeConfig readCopy(Path file, long self) throws ConfigException {
        return parse(PropertiesFile.read(file), System.getProperties(), OptionalLong.of(self), true);
    }

    /**
     * Likewise, what a file is to hold that is nowhere yet.
     *
     * @param file as messages name it
     */
    public static NodeConfig parse(Path file, String text, long self) throws ConfigException {
        return parse(PropertiesFile.parse(file, text), System.getProperties(), OptionalLong.of(self), false);
    }

    /** Likewise, with these instead of the JVM's own system properties. */
    static NodeConfig read(Path file, Properties system) throws ConfigException {
        return parse(PropertiesFile.read(file), system, OptionalLong.empty(), false);
    }

    private static NodeConfig parse(PropertiesFile entries, Properties system, OptionalLong self, boolean isCopy)
            throws ConfigException {
        return new ConfigParser(entries, new Settings(entries, system, isCopy), self).parse();
    }
}
