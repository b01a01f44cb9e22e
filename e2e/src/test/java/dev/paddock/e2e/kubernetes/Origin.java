package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.opentest4j.TestAbortedException;

/**
 * A way to a Kubernetes.
 *
 * @param obstacle why it cannot be gone here; empty: it can
 */
record Origin(String name, Obstacle obstacle, Start start) {
    private static final Origin K3S = new Origin("k3s in a container", K3s::obstacle, K3s::start);
    private static final Origin ONE_NODE = new Origin("one node on this machine", OneNode::obstacle, OneNode::start);

    /** Whether something is in the way. */
    interface Obstacle {
        Optional<String> find() throws IOException, InterruptedException;
    }

    /** Has a cluster run. */
    interface Start {
        Cluster run() throws IOException, InterruptedException;
    }

    /** Those to be tried, the best first: where a cluster is given, no other is meant. */
    static List<Origin> all(Optional<Path> given) {
        return given.map(kubeconfig -> List.of(new Origin(
                        "the cluster of " + kubeconfig, Optional::empty, () -> new GivenCluster(kubeconfig))))
                .orElse(List.of(K3S, ONE_NODE));
    }

    /**
     * A cluster of the first that gives one.
     *
     * @param log told which it is, and why those before it are not
     * @throws TestAbortedException if there is an obstacle to each, with all of them
     * @throws IOException if what should have started did not, and nothing after it did
     */
    static Cluster first(List<Origin> origins, Consumer<String> log) throws IOException, InterruptedException {
        List<String> obstacles = new ArrayList<>();
        IOException failures = new IOException("no Kubernetes started");
        for (Origin origin : origins) {
            Optional<String> obstacle = origin.obstacle.find();
            if (obstacle.isPresent()) {
                obstacles.add(obstacle.get());
                continue;
            }
            try {
                Cluster cluster = origin.start.run();
                log.accept("Kubernetes: " + origin.name);
                return cluster;
            } catch (IOException | RuntimeException failed) {
                log.accept("Kubernetes: not " + origin.name + ", since " + failed);
                failures.addSuppressed(failed);
            }
        }
        if (failures.getSuppressed().length > 0) throw failures;
        throw new TestAbortedException("no Kubernetes: " + String.join(", and ", obstacles));
    }
}
