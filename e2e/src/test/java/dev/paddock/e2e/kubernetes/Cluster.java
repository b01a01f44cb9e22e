package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a Kubernetes comes from. */
sealed interface Cluster extends AutoCloseable permits GivenCluster, K3s, OneNode {
    /** How to reach its API server as administrator; a file for {@code kubectl}. */
    Path kubeconfig();

    /** The command that speaks with it. */
    default String kubectl() {
        return "kubectl";
    }

    /**
     * Lets its nodes have an image.
     *
     * @param archive a tar as {@code docker save} writes it
     */
    void load(Path archive) throws IOException, InterruptedException;

    /** An address of this machine that pods and the API server reach; empty: none is known. */
    Optional<String> hostAddress();

    /** Folder with its own logs; empty: they are not here. */
    Optional<Path> logs();

    /** File with what the operator asked of its API server, see {@link Requests}; empty: nothing is written down. */
    default Optional<Path> requests() {
        return Optional.empty();
    }

    @Override
    void close() throws IOException;
}
