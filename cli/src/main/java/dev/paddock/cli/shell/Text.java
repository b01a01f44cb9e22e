package dev.paddock.cli.shell;

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

/** Stats, access control lists and refusals as text, in the form of ZooKeeper 3.9's zkCli. */
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
        StringBuilder perms = new StringBuilder();
        PERMS_SHOWN.chars().filter(c -> (acl.perms() & bit(c)) != 0).forEach(c -> perms.append((char) c));
        return "'" + acl.id().scheme() + ",'" + acl.id().id() + "\n: " + perms;
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

    /** One line for a refusal. The first sentences are zkCli's. */
    static String refused(ErrorCode error, String path) {
        return switch (error) {
            case NO_NODE -> "Node does not exist: " + path;
            case NODE_EXISTS -> "Node already exists: " + path;
            case NOT_EMPTY -> "Node not empty: " + path;
            case BAD_VERSION -> "version No is not valid : " + path;
            case NO_AUTH -> "Insufficient permission : " + path;
            case INVALID_ACL -> "Acl is not valid : " + path;
            case NO_CHILDREN_FOR_EPHEMERALS -> "Ephemerals cannot have children: " + path;
            default -> error + ": " + path;
        };
    }
}
