package dev.paddock.e2e.kubernetes;

import com.github.dockerjava.api.model.ContainerNetwork;
import dev.paddock.e2e.Command;
import dev.paddock.e2e.Installed;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * A Kubernetes of one node in a container of a Docker engine on this machine. Volumes are folders of this machine, which the
 * container sees at the same place; routes to pods and Services lead through the container.
 */
final class K3s implements Cluster {
    private static final DockerImageName IMAGE = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");
    private static final long ANSWER_SECONDS_MAX = 20;
    private static final Path IN_CONTAINER = Path.of("/tmp/image.tar");

    private final Place place;
    private final K3sContainer container;
    private final ContainerNetwork network; // which joins it to this machine
    private final Volumes volumes;

    private K3s(Place place, K3sContainer container) throws IOException, InterruptedException {
        this.place = place;
        this.container = container;
        this.network = container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
                .findFirst()
                .orElseThrow(() -> new IOException("the container of k3s has no network"));
        Files.writeString(kubeconfig(), container.getKubeConfigYaml());
        routes("replace");
        Config config = Config.fromKubeconfig(container.getKubeConfigYaml());
        this.volumes =
                Volumes.start(new KubernetesClientBuilder().withConfig(config).build(), folder(place));
    }

    /** Why this machine cannot have one; empty: it can. */
    static Optional<String> obstacle() throws IOException, InterruptedException {
        if (!Installed.isOnPath("docker")) return Optional.of("docker is not installed");
        if (!engineAnswers()) return Optional.of("no Docker engine answers");
        if (!System.getProperty("user.name").equals("root")) return Optional.of("only root can set routes to its pods");
        for (String each : List.of("ip", "kubectl")) {
            if (!Installed.isOnPath(each)) return Optional.of(each + " is not installed");
        }
        return Optional.empty();
    }

    /** Asked by Docker's own client, since Testcontainers logs an error where there is none. */
    private static boolean engineAnswers() throws IOException, InterruptedException {
        try (Command command = Command.start(Path.of("/"), "docker", "version")) {
            return command.await(ANSWER_SECONDS_MAX) == 0;
        }
    }

    static K3s start() throws IOException, InterruptedException {
        Place place = Place.claim();
        Path folder = Files.createDirectories(folder(place));
        K3sContainer container = new K3sContainer(IMAGE)
                .withFileSystemBind(folder.toString(), folder.toString(), BindMode.READ_WRITE)
                .withLogConsumer(frame -> write(place, frame));
        container.setCommand(
                "server",
                "--disable=traefik,local-storage,metrics-server",
                "--tls-san=" + container.getHost(),
                "--cluster-cidr=" + place.pods() + ".0/24",
                "--service-cidr=" + place.services() + ".0/24",
                "--cluster-dns=" + place.services() + ".10");
        try {
            container.start();
            return new K3s(place, container);
        } catch (IOException | InterruptedException | RuntimeException e) {
            container.stop();
            place.close();
            throw e;
        }
    }

    private static Path folder(Place place) {
        return place.folder().resolve("volumes");
    }

    private static void write(Place place, OutputFrame frame) {
        try {
            Files.write(
                    place.folder().resolve("log/k3s.log"),
                    frame.getBytes() == null ? new byte[0] : frame.getBytes(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("the log of k3s", e);
        }
    }

    private void routes(String action) throws IOException, InterruptedException {
        for (String subnet : List.of(place.pods() + ".0/24", place.services() + ".0/24")) {
            Sandbox.run(List.of("ip", "route", action, subnet, "via", network.getIpAddress()));
        }
    }

    @Override
    public Path kubeconfig() {
        return place.folder().resolve("kubeconfig");
    }

    @Override
    public void load(Path archive) throws IOException, InterruptedException {
        container.copyFileToContainer(MountableFile.forHostPath(archive), IN_CONTAINER.toString());
        for (List<String> words : List.of(
                List.of("ctr", "--namespace=k8s.io", "images", "import", IN_CONTAINER.toString()),
                List.of("rm", IN_CONTAINER.toString()))) {
            ExecResult result = container.execInContainer(words.toArray(String[]::new));
            if (result.getExitCode() != 0) throw new IOException(words + " failed: " + result);
        }
    }

    @Override
    public Optional<String> hostAddress() {
        return Optional.ofNullable(network.getGateway());
    }

    @Override
    public Optional<Path> logs() {
        return Optional.of(place.folder().resolve("log"));
    }

    @Override
    public void close() throws IOException {
        volumes.close();
        try {
            routes("delete");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the lab ended", e);
        } finally {
            container.stop();
            place.close();
        }
    }
}
