package dev.paddock.cli.shell;

import dev.paddock.client.WatchEvent;
import dev.paddock.wire.Acl;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Id;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Stat;
import dev.paddock.wire.Zxid;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Stats, access control lists, events and refusals as text, in the form of ZooKeeper 3.9's zkCli. */
final class Text {
    private static final String PERMS = "rwcda"; // in the order of the bits
    private static final String PERMS_SHOWN = "cdrwa";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss zzz yyyy", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private Text() {}

    static String of(Stat stat) {
        return String.join(
                "\n",
                "cZxid = " + Zxid.toString(stat.czxid()),
                "ctime = " + TIME.format(Instant.ofEpochMilli(stat.ctime())),
                "mZxid = " + Zxid.toString(stat.mzxid()),
                "mtime = " + TIME.format(Instant.ofEpochMilli(stat.mtime())),
                "pZxid = " + Zxid.toString(stat.pzxid()),
                "cversion = " + stat.cversion(),
                "dataVersion = " + stat.version(),
                "aclVersion = " + stat.aversion(),
                "ephemeralOwner = 0x" + Long.toHexString(stat.ephemeralOwner()),
                "dataLength = " + stat.dataLength(),
                "numChildren = " + stat.numChildren());
    }

    static String of(Acl acl) {
        return "'" + acl.id().scheme() + ",'" + acl.id().id() + "\n: " + shown(acl.perms());
    }

    private static String shown(int perms) {
        StringBuilder shown = new StringBuilder();
        PERMS_SHOWN.chars().filter(c -> (perms & bit(c)) != 0).forEach(c -> shown.append((char) c));
        return shown.toString();
    }

    private static int bit(int perm) {
        return 1 << PERMS.indexOf(perm);
    }

    /**
     * Reads {@code scheme:id:perms}, several joined by commas, such as {@code world:anyone:r,ip:127.0.0.1:cdrwa}.
     *
     * @throws IllegalArgumentException if it is malformed
     */
    static List<Acl> acls(String text) {
        List<Acl> acls = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            int first = one.indexOf(':');
            int last = one.lastIndexOf(':');
            if (first < 1 || last == first) throw new IllegalArgumentException("'" + one + "' is not scheme:id:perms");
            acls.add(new Acl(
                    perms(one.substring(last + 1)), new Id(one.substring(0, first), one.substring(first + 1, last))));
        }
        return acls;
    }

    private static int perms(String text) {
        int perms = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (PERMS.indexOf(c) < 0)
                throw new IllegalArgumentException("'" + c + "' is no permission; there are c d r w a");
            perms |= bit(c);
        }
        return perms & Perms.ALL;
    }

    /** The inverse of {@link #acls}. */
    static String of(List<Acl> acls) {
        return acls.stream()
                .map(acl -> acl.id().scheme() + ":" + acl.id().id() + ":" + shown(acl.perms()))
                .collect(Collectors.joining(","));
    }

    /** An event, in the form of zkCli. */
    static String of(WatchEvent event) {
        String type = switch (event.kind()) {
            case CREATED -> "NodeCreated";
            case DELETED -> "NodeDeleted";
            case DATA_CHANGED -> "NodeDataChanged";
            case CHILDREN_CHANGED -> "NodeChildrenChanged";
            case LOST -> "None";
        };
        String state = event.kind() == WatchEvent.Kind.LOST ? "Closed" : "SyncConnected";
        return "\nWATCHER::\n\nWatchedEvent state:" + state + " type:" + type + " path:" + event.path() + " zxid: "
                + event.zxid();
    }

    /** Of an ensemble's configuration: its version, and where clients connect to, joined by commas. */
    static String clientsPart(String config) {
        String version = "";
        List<String> clients = new ArrayList<>();
        for (String line : config.lines().toList()) {
            if (line.startsWith("version=")) version = line.substring("version=".length());
            int semicolon = line.indexOf(';');
            if (line.startsWith("server.") && semicolon > 0) {
                String client = line.substring(semicolon + 1);
                clients.add(client.contains(":") ? client : "0.0.0.0:" + client);
            }
        }
        return version + " " + String.join(",", clients);
    }

    /** One line for a refusal. The sentences are those of zkCli, where it has one. */
    static String refused(ErrorCode error, String path) {
        return switch (error) {
            case NO_NODE -> "Node does not exist: " + path;
            case NODE_EXISTS -> "Node already exists: " + path;
            case NOT_EMPTY -> "Node not empty: " + path;
            case BAD_VERSION -> "version No is not valid : " + path;
            case NO_AUTH -> "Insufficient permission : " + path;
            case INVALID_ACL -> "Acl is not valid : " + path;
            case NO_CHILDREN_FOR_EPHEMERALS -> "Ephemerals cannot have children: " + path;
            case BAD_ARGUMENTS -> "Arguments are not valid : " + path;
            case NOT_READ_ONLY -> "Not a read-only call : " + path;
            case QUOTA_EXCEEDED -> "Quota has exceeded : " + path;
            case RECONFIG_IN_PROGRESS ->
                "Another reconfiguration is in progress -- concurrent reconfigs not supported (yet)";
            case NEW_CONFIG_NO_QUORUM ->
                "No quorum of new config is connected and up-to-date with the leader of last commmitted config - "
                        + "try invoking reconfiguration after new servers are connected and synced";
            case RECONFIG_DISABLED -> "KeeperErrorCode = Reconfig is disabled";
            case NO_WATCHER -> "KeeperErrorCode = No such watcher for " + path;
            case UNIMPLEMENTED -> "KeeperErrorCode = Unimplemented for " + path;
            default -> error + (path.isEmpty() ? "" : ": " + path);
        };
    }

    /** What to do about a refusal, if there is something. */
    static Optional<String> hint(ErrorCode error, String path) {
        int slash = path.lastIndexOf('/');
        return switch (error) {
            case NO_NODE ->
                Optional.of("(ls " + (slash > 0 ? path.substring(0, slash) : "/")
                        + " shows what is there; a parent is created before its children)");
            case NOT_EMPTY -> Optional.of("(deleteall " + path + " deletes it with all below it)");
            case BAD_VERSION -> Optional.of("(somebody changed it: look at stat " + path + ", then try again)");
            case NO_AUTH -> Optional.of("(see getAcl " + path + "; prove who you are by addauth digest USER:PASSWORD)");
            case INVALID_ACL -> Optional.of("(scheme:id:perms, such as world:anyone:cdrwa or ip:10.0.0.0/8:r)");
            case QUOTA_EXCEEDED -> Optional.of("(listquota shows the quota of a path)");
            case RECONFIG_DISABLED -> Optional.of("(the servers take it with reconfigEnabled=true in zoo.cfg)");
            case NEW_CONFIG_NO_QUORUM -> Optional.of("(start the new servers first, and let them follow the leader)");
            case UNIMPLEMENTED -> Optional.of("(this server cannot; a TTL needs extendedTypesEnabled=true)");
            default -> none();
        };
    }

    private static Optional<String> none() {
        return Optional.empty();
    }
}
