package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A Kubernetes for tests, which {@link LabExtension} starts once and hands to each that wants it. It is the cluster that
 * {@code -Dpaddock.e2e.kubeconfig} or {@code KUBECONFIG} names, else one of its own of one node, in a container where a Docker
 * engine answers; see docs/kubernetes-lab.md.
 */
final class Lab implements AutoCloseable {
    private static final long KUBECTL_SECONDS_MAX = 180;

    private final Cluster cluster;
    private final String kubectl;
    private final KubernetesClient client;
    private final Set<String> done = new HashSet<>();

    /** Something that may fail. */
    interface Preparation {
        void run() throws IOException, InterruptedException;
    }

    private Lab(Cluster cluster, String kubectl) throws IOException {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(cluster.kubeconfig())))
                .build();
    }

    /**
     * Finds or starts one.
     *
     * @throws TestAbortedException if there is none and none can be had here, with the reason
     */
    static Lab open() throws IOException, InterruptedException {
        Optional<Path> given = Stream.of(System.getProperty("paddock.e2e.kubeconfig"), System.getenv("KUBECONFIG"))
                .filter(each -> each != null && !each.isBlank())
                .map(Path::of)
                .findFirst();
        if (given.isPresent()) return new Lab(new GivenCluster(given.get()), "kubectl");
        Optional<String> noContainer = K3s.obstacle();
        if (noContainer.isEmpty()) return new Lab(K3s.start(), "kubectl");
        Optional<String> noNode = OneNode.obstacle();
        if (noNode.isPresent()) {
            throw new TestAbortedException("no Kubernetes: " + noContainer.get() + ", and " + noNode.get());
        }
        Programs programs = Programs.find()
                .orElseThrow(() ->
                        new TestAbortedException("no Kubernetes: its programs are not built; ./verify builds them"));
        OneNode node = OneNode.start(programs);
        return new Lab(node, programs.kubectl());
    }

    KubernetesClient client() {
        return client;
    }

    /** How to reach its API server as administrator. */
    Path kubeconfig() {
        return cluster.kubeconfig();
    }

    /** Does it if nobody has done it in this lab under that name. */
    void once(String name, Preparation preparation) throws IOException, InterruptedException {
        if (done.contains(name)) return;
        preparation.run();
        done.add(name);
    }

    /** Where a process on this machine is reached from pods and the API server. */
    Optional<String> hostAddress() {
        return cluster.hostAddress();
    }

    /** Whether it was there before, and has the images already. */
    boolean isGiven() {
        return cluster instanceof GivenCluster;
    }

    /** Lets pods have an image, from a tar as {@code ./paddock images} writes it. */
    void load(Path archive) throws IOException, InterruptedException {
        cluster.load(archive);
    }

    /** Runs kubectl as administrator, and returns what it said. */
    String kubectl(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(kubectl, "--kubeconfig=" + cluster.kubeconfig()));
        all.addAll(List.of(words));
        try (Command command = Command.start(Path.of("/"), all.toArray(String[]::new))) {
            if (command.await(KUBECTL_SECONDS_MAX) != 0) throw new IOException(all + " failed: " + command.text());
            return command.text();
        }
    }

    /** Writes what the cluster holds, and all logs, into a folder. */
    void dump(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (String what : List.of("all", "events", "persistentvolumeclaims", "nodes")) {
            Files.writeString(folder.resolve(what + ".txt"), kubectl("get", what, "--all-namespaces", "--output=wide"));
        }
        if (cluster.logs().isEmpty()) return;
        Path logs = cluster.logs().get();
        try (Stream<Path> walk = Files.walk(logs)) {
            for (Path log : walk.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(logs.relativize(log).toString());
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(log));
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        cluster.close();
    }
}
