package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import dev.paddock.e2e.Installed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The programs of the one-node Kubernetes, in the folder where {@code e2e/src/test/go/kubernetes/build} puts them. */
record Programs(Path folder) {
    private static final Path BUILD = Path.of(System.getProperty("paddock.root"), "e2e/src/test/go/kubernetes/build");
    private static final long BUILD_SECONDS_MAX = 3600;

    /** Waits for a build that is under way. Empty: there is none, and nothing was built. */
    static Optional<Programs> find() throws IOException, InterruptedException {
        try (Command build = Command.start(Path.of("/"), BUILD.toString(), "--wait")) {
            if (build.await(BUILD_SECONDS_MAX) != 0) return Optional.empty();
            return Optional.of(new Programs(Path.of(build.lines().getLast())));
        }
    }

    String path(String program) {
        return folder.resolve(program).toString();
    }

    /** Debian's networking plugins. */
    Path networking() {
        return folder.resolve("cni");
    }

    /** The machine's own, or the one that was built since there was none. */
    String kubectl() {
        return Installed.isOnPath("kubectl") ? "kubectl" : path("kubectl");
    }
}
