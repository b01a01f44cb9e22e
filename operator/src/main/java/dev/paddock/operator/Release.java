package dev.paddock.operator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which Paddock this is. */
public final class Release {
    /** The version of this build; images of the same build have it as their tag. */
    public static final String VERSION = read();

    private Release() {}

    private static String read() {
        try (InputStream properties = Release.class.getResourceAsStream("release.properties")) {
            Properties release = new Properties();
            release.load(properties);
            return release.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("release.properties", e);
        }
    }
}
