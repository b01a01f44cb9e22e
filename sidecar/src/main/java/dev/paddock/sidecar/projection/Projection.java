package dev.paddock.sidecar.projection;

import java.nio.file.Path;

/**
 * A subtree that is kept as files.
 *
 * @param znode its root, as {@code /app}
 * @param folder where {@code /app/greeting} becomes the file {@code greeting}; all in it is the projection's
 */
public record Projection(String znode, Path folder) {
    /**
     * Reads {@code /app=/etc/app}.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static Projection parse(String text) {
        int equals = text.indexOf('=');
        String znode = equals < 0 ? "" : text.substring(0, equals);
        String folder = text.substring(equals + 1);
        if (!znode.matches("(/[^/]+)+") || !folder.startsWith("/"))
            throw new IllegalArgumentException("a projection is /ZNODE=/FOLDER, not \"" + text + "\"");
        if (znode.matches("/(zookeeper|paddock)(/.*)?"))
            throw new IllegalArgumentException(znode + " is not config and cannot be projected");
        return new Projection(znode, Path.of(folder).normalize());
    }
}
