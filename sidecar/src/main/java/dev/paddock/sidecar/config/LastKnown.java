package dev.paddock.sidecar.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paddock.sidecar.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last answer for each key asked for, in memory and in the state folder, for the time when the ensemble cannot be reached. A
 * file is replaced as a whole, not forced: what a power cut takes is only a copy. Safe for use by any thread.
 */
public final class LastKnown {
    private static final int ENTRIES_MAX = 4096;
    private static final long REWRITE_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final Logger log = LoggerFactory.getLogger(LastKnown.class);

    /**
     * An answer and when it was known to be true.
     *
     * @param confirmedMillis wall clock
     */
    record Kept(Values values, long confirmedMillis) {
        long ageSeconds(long nowMillis) {
            return Math.max(0, (nowMillis - confirmedMillis + 999) / 1000);
        }
    }

    private final Optional<Path> folder;
    private final Map<String, Kept> written = Collections.synchronizedMap(new LinkedHashMap<>()); // as on disk
    private final Map<String, Kept> kept = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            boolean over = size() > ENTRIES_MAX;
            if (over) drop(eldest.getKey());
            return over;
        }
    });

    private LastKnown(Optional<Path> folder) {
        this.folder = folder;
    }

    /** Keeps answers under this state folder, or in memory alone. */
    public static LastKnown in(Optional<Path> stateDir) throws IOException {
        Optional<Path> folder = stateDir.map(dir -> dir.resolve("config"));
        if (folder.isPresent())
            Files.createDirectories(
                    folder.get(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new LastKnown(folder);
    }

    /** Keeps an answer just given by the ensemble. */
    void put(Values values, boolean recursive, long nowMillis) {
        String key = key(values.root(), recursive);
        var now = new Kept(values, nowMillis);
        kept.put(key, now);
        Kept old = written.get(key);
        boolean same = old != null
                && old.values().index() == values.index()
                && old.values().exists() == values.exists();
        if (folder.isEmpty() || (same && nowMillis - old.confirmedMillis() < REWRITE_MILLIS)) return;
        try {
            write(folder.get().resolve(file(key)), now);
            written.put(key, now);
        } catch (IOException e) {
            log.warn("cannot keep the last known value of {}: {}", values.root(), e.toString());
        }
    }

    /** The last answer for this key. */
    Optional<Kept> get(String root, boolean recursive) {
        String key = key(root, recursive);
        Kept found = kept.get(key);
        if (found != null || folder.isEmpty()) return Optional.ofNullable(found);
        try {
            Path file = folder.get().resolve(file(key));
            return Files.exists(file) ? Optional.of(read(Files.readAllBytes(file), root)) : Optional.empty();
        } catch (IOException e) {
            log.warn("the last known value of {} cannot be read: {}", root, e.toString());
            return Optional.empty();
        }
    }

    private void drop(String key) {
        written.remove(key);
        if (folder.isEmpty()) return;
        try {
            Files.deleteIfExists(folder.get().resolve(file(key)));
        } catch (IOException e) {
            log.warn("cannot delete a last known value: {}", e.toString());
        }
    }

    private static void write(Path file, Kept kept) throws IOException {
        List<Object> nodes = new ArrayList<>();
        kept.values()
                .values()
                .forEach((path, value) -> nodes.add(Map.of(
                        "path", path, "mzxid", value.mzxid(), "version", value.version(), "base64", value.base64())));
        byte[] json = Json.bytes(Map.of(
                "root", kept.values().root(),
                "index", kept.values().index(),
                "exists", kept.values().exists(),
                "confirmedMillis", kept.confirmedMillis(),
                "values", nodes));
        Path fresh = Files.createTempFile(
                file.getParent(),
                "new",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, json);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Kept read(byte[] file, String root) throws IOException {
        JsonNode json = Json.read(file);
        if (!json.path("root").asText().equals(root)) throw new IOException("it is of another key");
        var values = new TreeMap<String, Value>();
        for (JsonNode node : json.path("values")) {
            byte[] data = Base64.getDecoder().decode(node.path("base64").asText());
            values.put(
                    node.path("path").asText(),
                    new Value(
                            data,
                            node.path("mzxid").asLong(),
                            node.path("version").asInt()));
        }
        var found = new Values(
                root, values, json.path("index").asLong(), json.path("exists").asBoolean());
        return new Kept(found, json.path("confirmedMillis").asLong());
    }

    private static String key(String root, boolean recursive) {
        return (recursive ? "tree " : "node ") + root;
    }

    private static String file(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest) + ".json";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
