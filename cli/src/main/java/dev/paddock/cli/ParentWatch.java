package dev.paddock.cli;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends this process when its parent has ended. The parent holds the other end of our standard input open and never writes;
 * the system closes it whatever way the parent ends, so {@code kill -9} of {@code paddock up} leaves nothing behind.
 */
final class ParentWatch {
    private ParentWatch() {}

    /** Starts to watch if the parent asked for it by {@code -Dpaddock.parent=stdin}. */
    static void startIfAsked() {
        if (!"stdin".equals(System.getProperty("paddock.parent"))) return;
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            awaitEnd(System.in);
            System.exit(0); // as on SIGTERM
        });
    }

    private static void awaitEnd(InputStream fromParent) {
        try {
            fromParent.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException broken) {
            System.err.println("parent-watch: " + broken);
        }
    }
}
