package dev.paddock.e2e.histories;

import dev.paddock.e2e.Installed;
import java.nio.file.Files;

/**
 * What faults take.
 *
 * @param hasNamespaces whether servers can have networks of their own, and small file systems can be mounted
 * @param hasTracer     whether system calls of a process can be made to fail
 * @param hasClocks     whether a process can be given a clock of its own
 */
record Means(boolean hasNamespaces, boolean hasTracer, boolean hasClocks) {
    /** Root has all of them, where {@code ./verify} has installed the tools. */
    static Means ofThisMachine() {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        return new Means(
                isRoot && Installed.isOnPath("ip") && Installed.isOnPath("iptables"),
                isRoot && Installed.isOnPath("strace"),
                Files.exists(Clocks.LIBRARY));
    }
}
