package dev.paddock.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.StatPersisted;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.EphemeralType;
import org.apache.zookeeper.server.ZKDatabase;

/** What an Apache server holds, as {@code paddock snapshot export} has to print it, and the other way round. */
final class ApacheTree {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' uuuu", Locale.US); // as java.util.Date is printed

    private final DataTree tree;
    private final List<JsonNode> lines = new ArrayList<>();

    private ApacheTree(DataTree tree) {
        this.tree = tree;
    }

    /** In no order. */
    static List<JsonNode> exported(ZKDatabase database) {
        var all = new ApacheTree(database.getDataTree());
        database.getSessionWithTimeOuts()
                .forEach((id, timeout) ->
                        all.add(JSON.createObjectNode().put("session", hex(id)).put("timeoutMillis", timeout)));
        all.addBelow("/");
        return all.lines;
    }

    /** By lines as they were printed. */
    static List<JsonNode> parsed(List<String> lines) {
        return lines.stream().map(ApacheTree::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    private void addBelow(String path) {
        DataNode node = tree.getNode(path);
        add(znode(path, node));
        String parent = path.equals("/") ? path : path + "/";
        for (String name : node.getChildren()) addBelow(parent + name);
    }

    /** As text, so that a number is of the type that a reader makes of it. */
    private void add(JsonNode line) {
        lines.add(parse(line.toString()));
    }

    private JsonNode znode(String path, DataNode node) {
        ObjectNode fields = JSON.createObjectNode().put("path", path).put("data", node.getData());
        acl(fields.putArray("acl"), tree.getACL(node));
        StatPersisted stat = node.stat;
        fields.put("czxid", hex(stat.getCzxid())).put("mzxid", hex(stat.getMzxid()));
        fields.put("pzxid", hex(stat.getPzxid()));
        fields.put("ctime", stat.getCtime()).put("mtime", stat.getMtime());
        fields.put("version", stat.getVersion()).put("cversion", stat.getCversion());
        fields.put("aversion", stat.getAversion());
        owner(fields, stat.getEphemeralOwner());
        return fields;
    }

    private static void acl(ArrayNode array, List<ACL> acl) {
        for (ACL entry : acl) {
            array.addObject()
                    .put("scheme", entry.getId().getScheme())
                    .put("id", entry.getId().getId())
                    .put("perms", ZKUtil.getPermString(entry.getPerms()));
        }
    }

    private static void owner(ObjectNode fields, long owner) {
        switch (EphemeralType.get(owner)) {
            case VOID -> fields.put("kind", "persistent");
            case NORMAL -> fields.put("kind", "ephemeral").put("ephemeralOwner", hex(owner));
            case CONTAINER -> fields.put("kind", "container");
            case TTL -> fields.put("kind", "ttl").put("ttlMillis", EphemeralType.TTL.getValue(owner));
        }
    }

    /** What Apache's {@code SnapshotFormatter -d} prints, in UTC, of a znode that we have exported. */
    static String formatted(JsonNode znode) {
        return String.join(
                "\n",
                znode.path("path").asText(),
                hex16("cZxid", number(znode, "czxid")),
                "  ctime = " + date(znode, "ctime"),
                hex16("mZxid", number(znode, "mzxid")),
                "  mtime = " + date(znode, "mtime"),
                hex16("pZxid", number(znode, "pzxid")),
                "  cversion = " + znode.path("cversion").asInt(),
                "  dataVersion = " + znode.path("version").asInt(),
                "  aclVersion = " + znode.path("aversion").asInt(),
                hex16("ephemeralOwner", owner(znode)),
                "  data = " + data(znode),
                "----");
    }

    private static String date(JsonNode znode, String field) {
        return Instant.ofEpochMilli(znode.path(field).asLong())
                .atOffset(ZoneOffset.UTC)
                .format(DATE);
    }

    private static String data(JsonNode znode) {
        return znode.path("data").isNull() ? "" : znode.path("data").asText();
    }

    private static long owner(JsonNode znode) {
        return switch (znode.path("kind").asText()) {
            case "ephemeral" -> number(znode, "ephemeralOwner");
            case "container" -> EphemeralType.CONTAINER_EPHEMERAL_OWNER;
            case "ttl" ->
                EphemeralType.TTL.toEphemeralOwner(znode.path("ttlMillis").asLong());
            default -> 0;
        };
    }

    private static String hex16(String name, long value) {
        return "  %s = %#016x".formatted(name, value);
    }

    private static long number(JsonNode znode, String field) {
        return Long.parseUnsignedLong(znode.path(field).asText().substring(2), 16);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
