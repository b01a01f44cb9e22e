package dev.paddock.e2e.kubernetes;

import java.nio.file.Path;
import java.util.Optional;

/** A cluster that was there before. It is left as it was found, so far as tests remove what they made. */
record GivenCluster(Path kubeconfig) implements Cluster {
    /** Does nothing: whoever gives a cluster gives it the images, too. */
    @Override
    public void load(Path archive) {}

    @Override
    public Optional<String> hostAddress() {
        return Optional.empty();
    }

    @Override
    public Optional<Path> logs() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
