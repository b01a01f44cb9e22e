package dev.paddock.sidecar.ensemble;

import dev.paddock.client.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session's id and password on disk, so that a sidecar that crashed finds its session, and so its locks, again. One line,
 * {@code id-in-hex base64-password}; readable by the owner alone, forced and replaced as a whole.
 *
 * @param path the file; its folder exists
 */
public record SessionFile(Path path) {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{1,16}) ([A-Za-z0-9+/=]{1,64})\n");
    private static final Logger log = LoggerFactory.getLogger(SessionFile.class);

    /** What was kept; empty if there is none or it cannot be understood, which is logged and costs the old session only. */
    public Optional<Session> load() throws IOException {
        if (!Files.exists(path)) return Optional.empty();
        var line = LINE.matcher(Files.readString(path, StandardCharsets.UTF_8));
        try {
            if (line.matches())
                return Optional.of(new Session(
                        Long.parseUnsignedLong(line.group(1), 16),
                        Base64.getDecoder().decode(line.group(2))));
        } catch (IllegalArgumentException e) {
            log.warn("{} holds no session: {}", path, e.getMessage());
            return Optional.empty();
        }
        log.warn("{} holds no session and is not used", path);
        return Optional.empty();
    }

    /** Keeps a session in place of the one before. */
    public void save(Session session) throws IOException {
        String line =
                Long.toHexString(session.id()) + " " + Base64.getEncoder().encodeToString(session.password()) + "\n";
        replace(path, line.getBytes(StandardCharsets.UTF_8));
    }

    /** Forgets the session, since it was closed. */
    public void clear() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Replaces a file as a whole, forced, readable by the owner alone. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(fresh, options, ownerOnly)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) channel.write(buffer);
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) return;
        try (var directory = FileChannel.open(folder, Set.of(StandardOpenOption.READ))) {
            directory.force(true);
        }
    }
}
