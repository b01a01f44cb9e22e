package dev.paddock.cli;

import java.nio.file.Path;

/** Where Paddock itself lies. */
public final class Root {
    private Root() {}

    /** The folder of the root script; the current folder when Java was started by hand. */
    public static Path folder() {
        return Path.of(System.getProperty("paddock.root", ""));
    }
}
