package dev.paddock.sidecar.znode;

import dev.paddock.sidecar.http.Problem;
import dev.paddock.sidecar.http.Refused;
import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What paths, stats, data and refusals look like in this part of the API. */
final class Znodes {
    private static final List<String> RESERVED = List.of("/zookeeper", "/paddock");

    private Znodes() {}

    /**
     * A path that ZooKeeper takes, checked again here since a transaction names paths in its body.
     *
     * @throws Refused with 400
     */
    static String path(String path) {
        boolean isRoot = path.equals("/");
        if (!path.startsWith("/") || (!isRoot && path.endsWith("/")))
            throw bad(path, "must start with / and not end so");
        for (String segment :
                isRoot ? List.<String>of() : List.of(path.substring(1).split("/", -1))) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals(".."))
                throw bad(path, "has an empty or a dot segment");
        }
        if (path.chars().anyMatch(Znodes::isForbidden)) throw bad(path, "has a character that ZooKeeper does not take");
        return path;
    }

    private static boolean isForbidden(int c) {
        return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
    }

    /** A path that may be changed: what the sidecar and the servers keep for themselves may not. */
    static String changeable(String path) {
        path(path);
        for (String reserved : RESERVED) {
            if (path.equals(reserved) || path.startsWith(reserved + "/"))
                throw new Refused(Problem.mistake(403, "reserved", reserved + " is not for changing here"));
        }
        if (path.equals("/")) throw new Refused(Problem.mistake(403, "reserved", "/ is not for changing here"));
        return path;
    }

    private static Refused bad(String path, String rule) {
        return new Refused(Problem.mistake(400, "bad-target", "path " + path + " " + rule));
    }

    /** A stat by ZooKeeper's names; what may pass 2^53 is a string, times are milliseconds since 1970. */
    static Map<String, Object> json(Stat stat) {
        var json = new LinkedHashMap<String, Object>();
        json.put("czxid", Long.toString(stat.czxid()));
        json.put("mzxid", Long.toString(stat.mzxid()));
        json.put("pzxid", Long.toString(stat.pzxid()));
        json.put("ctime", stat.ctime());
        json.put("mtime", stat.mtime());
        json.put("version", stat.version());
        json.put("cversion", stat.cversion());
        json.put("aversion", stat.aversion());
        json.put("ephemeralOwner", "0x" + Long.toHexString(stat.ephemeralOwner()));
        json.put("dataLength", stat.dataLength());
        json.put("numChildren", stat.numChildren());
        return json;
    }

    /** Adds data: as {@code value} if it is text and that is wanted, else as {@code base64}. */
    static void putData(Map<String, Object> json, byte[] data, boolean alwaysBase64) {
        Optional<String> text = alwaysBase64 ? Optional.empty() : text(data);
        if (text.isPresent()) json.put("value", text.get());
        else json.put("base64", Base64.getEncoder().encodeToString(data));
    }

    private static Optional<String> text(byte[] data) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString());
        } catch (CharacterCodingException _) { // bytes, not text: nothing is wrong with that
            return Optional.empty();
        }
    }

    /** Why the ensemble refused something. */
    static Problem problem(ErrorCode error, String path) {
        return switch (error) {
            case NO_NODE ->
                Problem.mistake(404, "no-such-znode", "there is no " + path + ", or nothing to create it in");
            case NODE_EXISTS -> Problem.mistake(409, "exists", path + " exists");
            case BAD_VERSION -> Problem.mistake(409, "bad-version", path + " has another version: read it again");
            case NOT_EMPTY -> Problem.mistake(409, "not-empty", path + " has children; recursive=true deletes them");
            case NO_CHILDREN_FOR_EPHEMERALS ->
                Problem.mistake(409, "ephemeral-parent", "the parent of " + path + " is ephemeral");
            case NO_AUTH -> Problem.mistake(403, "denied", "the access control list of " + path + " forbids it");
            case INVALID_ACL -> Problem.mistake(400, "bad-acl", "the access control list is not valid");
            case BAD_ARGUMENTS -> Problem.mistake(400, "bad-arguments", "the ensemble does not take this");
            case QUOTA_EXCEEDED -> Problem.mistake(409, "quota-exceeded", "the quota above " + path + " is used up");
            case UNIMPLEMENTED -> Problem.mistake(501, "unimplemented", "these servers do not do this (TTLs are off)");
            case THROTTLED_OP, NOT_READ_ONLY ->
                Problem.passing(503, "busy", "the server does not take this now: " + error);
            default -> Problem.mistake(500, "refused", "the ensemble refused it: " + error);
        };
    }
}
