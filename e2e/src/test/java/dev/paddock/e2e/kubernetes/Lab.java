package dev.paddock.e2e.kubernetes;

import dev.paddock.e2e.Command;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
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
 * engine answers and it starts; see docs/kubernetes-lab.md.
 */
final class Lab implements AutoCloseable {
    private static final long KUBECTL_SECONDS_MAX = 180;

    private final Cluster cluster;
    private final KubernetesClient client;
    private final Set<String> done = new HashSet<>();

    /** Something that may fail. */
    interface Preparation {
        void run() throws IOException, InterruptedException;
    }

    private Lab(Cluster cluster) throws IOException {
        this.cluster = cluster;
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
        return new Lab(Origin.first(Origin.all(given), System.out::println));
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

    /** Whether processes of its pods are this machine's own, which tests can look into. */
    boolean showsProcesses() {
        return cluster instanceof OneNode;
    }

    /** What the operator asked of its API server; empty: nobody writes it down. */
    Optional<Requests> requests() {
        return cluster.requests().map(Requests::new);
    }

    /** Lets pods have an image, from a tar as {@code ./paddock images} writes it. */
    void load(Path archive) throws IOException, InterruptedException {
        cluster.load(archive);
    }

    /** Runs kubectl as administrator, and returns what it said. */
    String kubectl(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(cluster.kubectl(), "--kubeconfig=" + cluster.kubeconfig()));
        all.addAll(List.of(words));
        try (Command command = Command.start(Path.of("/"), all.toArray(String[]::new))) {
            if (command.await(KUBECTL_SECONDS_MAX) != 0) throw new IOException(all + " failed: " + command.text());
            return command.text();
        }
    }

    /** Writes what the cluster holds, what pods of ours said, and all that its programs logged where they are at hand, into a folder. */
    void dump(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        for (String what : List.of("all", "events", "persistentvolumeclaims", "nodes"))
            save(folder.resolve(what + ".txt"), "get", what, "--all-namespaces", "--output=wide");
        for (String what : List.of("coordinationclusters", "coordinationconfigs", "configmaps", "statefulsets", "pods"))
            save(folder.resolve(what + ".yaml"), "get", what, "--all-namespaces", "--output=yaml");
        for (String ours : List.of("app.kubernetes.io/name=paddock", "paddock.dev/inject=true")) {
            for (Pod pod : client.pods()
                    .inAnyNamespace()
                    .withLabelSelector(ours)
                    .list()
                    .getItems()) dump(pod, folder);
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

    /** What each of its containers said, and what one said that was started again. */
    private void dump(Pod pod, Path folder) throws IOException, InterruptedException {
        String namespace = "--namespace=" + pod.getMetadata().getNamespace();
        String name = pod.getMetadata().getName();
        Path log = folder.resolve("pods").resolve(pod.getMetadata().getNamespace() + "." + name + ".log");
        Files.createDirectories(log.getParent());
        save(log, "logs", namespace, name, "--all-containers", "--prefix");
        for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
            if (container.getRestartCount() == 0) continue;
            Path before = log.resolveSibling(log.getFileName() + ".before." + container.getName());
            save(before, "logs", namespace, name, "--container=" + container.getName(), "--previous");
        }
    }

    /** What kubectl says; where it fails, that: something is wrong already, and the rest is wanted all the same. */
    private void save(Path file, String... words) throws IOException, InterruptedException {
        String said;
        try {
            said = kubectl(words);
        } catch (IOException failed) {
            said = String.valueOf(failed.getMessage());
        }
        Files.writeString(file, said);
    }

    @Override
    public void close() throws IOException {
        client.close();
        cluster.close();
    }
}
