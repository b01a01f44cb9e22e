package dev.paddock.e2e.kubernetes;

import static org.awaitility.Awaitility.await;

import dev.paddock.e2e.Installed;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Kubernetes of one node: its programs run as processes of this machine in a {@link Sandbox}, as root. Pods, Services, DNS
 * and volumes are real; this machine reaches pods and Services by their addresses.
 */
final class OneNode implements Cluster {
    private static final Duration PATIENCE =
            Duration.ofMinutes(10); // far less on two cores that have nothing else to do

    private final Place place;
    private final Programs programs;
    private final Sandbox sandbox;
    private final NodeFiles files;
    private final Map<String, Process> parts = new LinkedHashMap<>();
    private Optional<Volumes> volumes = Optional.empty();

    private OneNode(Place place, Programs programs, Sandbox sandbox) {
        this.place = place;
        this.programs = programs;
        this.sandbox = sandbox;
        this.files = new NodeFiles(place);
    }

    /** Why this machine cannot have one, though its programs may be built; empty: it can. */
    static Optional<String> obstacleOfMachine() {
        if (!System.getProperty("user.name").equals("root")) return Optional.of("only root can start one");
        for (String each : List.of("unshare", "nsenter", "ip", "iptables", "conntrack", "runc")) {
            if (!Installed.isOnPath(each)) return Optional.of(each + " is not installed; ./verify installs it");
        }
        return Optional.empty();
    }

    /** Why there can be none here; empty: there can. Waits for a build of its programs that is under way. */
    static Optional<String> obstacle() throws IOException, InterruptedException {
        Optional<String> machine = obstacleOfMachine();
        if (machine.isPresent() || Programs.find().isPresent()) return machine;
        return Optional.of("its programs are not built; ./verify builds them");
    }

    static OneNode start() throws IOException, InterruptedException {
        return start(Programs.find().orElseThrow());
    }

    private static OneNode start(Programs programs) throws IOException, InterruptedException {
        Place place = Place.claim();
        OneNode node;
        try {
            node = new OneNode(place, programs, Sandbox.open(place));
        } catch (IOException | InterruptedException | RuntimeException e) {
            place.close();
            throw e;
        }
        try {
            node.startParts();
            return node;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            IOException told = new IOException("the lab did not start:\n" + node.lastWords(), e);
            node.close();
            throw told;
        }
    }

    private void startParts() throws IOException, InterruptedException {
        files.writeBeforeTheApiServer();
        linkPlugins();
        startEtcd();
        startApiServer();
        start("containerd", "--config", files.path("containerd.toml"));
        await().atMost(PATIENCE)
                .until(() -> hasAll() && Files.exists(files.file("certificates/apiserver.key"))); // the last it writes
        files.writeKubeconfigs();
        KubernetesClient client = client();
        await().atMost(PATIENCE).until(() -> hasAll() && answers(client));
        startControllers(); // they give up if it does not answer
        load(PauseImage.write(programs.folder().resolve("pause"), files.file("pause")));
        startNode();
        start("coredns", "-conf", files.path("Corefile"));
        await().atMost(PATIENCE).until(() -> hasAll() && isReady(client));
        volumes = Optional.of(Volumes.start(client, files.file("volumes")));
    }

    /** A runtime's folder of plugins, which lie in the cache. */
    private void linkPlugins() throws IOException {
        Files.createSymbolicLink(files.file("plugins"), programs.networking());
    }

    private void startEtcd() throws IOException {
        start(
                "etcd",
                "--data-dir=" + files.path("etcd"),
                "--listen-client-urls=http://127.0.0.1:2379",
                "--advertise-client-urls=http://127.0.0.1:2379",
                "--listen-peer-urls=http://127.0.0.1:2380");
    }

    private void startApiServer() throws IOException {
        start(
                "kube-apiserver",
                "--etcd-servers=http://127.0.0.1:2379",
                "--advertise-address=" + files.address(),
                "--cert-dir=" + files.path("certificates"),
                "--token-auth-file=" + files.path("tokens.csv"),
                "--authorization-mode=Node,RBAC",
                "--enable-admission-plugins=NodeRestriction",
                "--allow-privileged=true",
                "--audit-policy-file=" + files.path("audit.yaml"),
                "--audit-log-path=" + requests().orElseThrow(),
                "--kubelet-preferred-address-types=InternalIP", // no name of the node resolves
                "--service-cluster-ip-range=" + place.services() + ".0/24",
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                "--service-account-key-file=" + files.path("accounts.pub"),
                "--service-account-signing-key-file=" + files.path("accounts.key"));
    }

    private void startControllers() throws IOException {
        start(
                "kube-controller-manager",
                kubeconfig("system:kube-controller-manager"),
                "--bind-address=127.0.0.1",
                "--leader-elect=false",
                "--use-service-account-credentials=true", // each controller's own rights
                "--root-ca-file=" + files.path("certificates/apiserver.crt"),
                "--service-account-private-key-file=" + files.path("accounts.key"));
        start(
                "kube-scheduler",
                kubeconfig("system:kube-scheduler"),
                "--bind-address=127.0.0.1",
                "--leader-elect=false");
    }

    private void startNode() throws IOException {
        start(
                "kubelet",
                kubeconfig("system:node:" + NodeFiles.NODE),
                "--config=" + files.path("kubelet.yaml"),
                "--root-dir=" + files.path("kubelet"),
                "--cert-dir=" + files.path("kubelet-certificates"),
                "--hostname-override=" + NodeFiles.NODE,
                "--node-ip=" + files.address());
        start(
                "kube-proxy",
                kubeconfig("system:kube-proxy"),
                "--hostname-override=" + NodeFiles.NODE,
                "--proxy-mode=iptables",
                "--cluster-cidr=" + place.pods() + ".0/24",
                "--masquerade-all", // so that pods reach each other by Services whatever the bridge passes by
                "--conntrack-max-per-core=0"); // is the whole machine's
    }

    private String kubeconfig(String user) {
        return "--kubeconfig=" + files.kubeconfig(user);
    }

    private void start(String program, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("env", "PATH=" + programs.folder() + ":" + System.getenv("PATH")));
        words.add(programs.path(program));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(sandbox.inside(words.toArray(String[]::new)))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log(program).toFile())
                .start();
        parts.put(program, process);
    }

    private Path log(String program) {
        return files.file("log").resolve(program + ".log");
    }

    /** Whether all that were started still run. */
    private boolean hasAll() {
        parts.forEach((program, process) -> {
            if (!process.isAlive()) throw new IllegalStateException(program + " ended with " + process.exitValue());
        });
        return true;
    }

    private KubernetesClient client() throws IOException {
        Config config = Config.fromKubeconfig(Files.readString(kubeconfig()));
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static boolean answers(KubernetesClient client) {
        try {
            return "ok".equals(client.raw("/readyz"));
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    /** Pods can be made: there are a node to run them and an account to run as. */
    private static boolean isReady(KubernetesClient client) {
        try {
            var node = client.nodes().withName(NodeFiles.NODE).get();
            var account = client.serviceAccounts()
                    .inNamespace("default")
                    .withName("default")
                    .get();
            return node != null
                    && account != null
                    && node.getStatus().getConditions().stream()
                            .anyMatch(each -> each.getType().equals("Ready")
                                    && each.getStatus().equals("True"));
        } catch (KubernetesClientException e) {
            return false; // the API server does not answer yet
        }
    }

    @Override
    public Path kubeconfig() {
        return files.kubeconfig("admin");
    }

    @Override
    public String kubectl() {
        return programs.kubectl();
    }

    @Override
    public void load(Path archive) throws IOException, InterruptedException {
        String socket = files.path("containerd.sock");
        await().atMost(PATIENCE).until(() -> hasAll() && Files.exists(Path.of(socket)));
        Sandbox.run(sandbox.inside(
                programs.path("ctr"),
                "--address=" + socket,
                "--namespace=k8s.io",
                "images",
                "import",
                archive.toAbsolutePath().toString()));
    }

    @Override
    public Optional<String> hostAddress() {
        return Optional.of(place.ends() + ".1");
    }

    @Override
    public Optional<Path> logs() {
        return Optional.of(files.file("log"));
    }

    @Override
    public Optional<Path> requests() {
        return Optional.of(files.file("requests.jsonl"));
    }

    private String lastWords() {
        StringBuilder words = new StringBuilder();
        for (String part : parts.keySet()) {
            try {
                List<String> lines = Files.readAllLines(log(part));
                words.append("--- ").append(part).append('\n');
                lines.subList(Math.max(0, lines.size() - 15), lines.size())
                        .forEach(line -> words.append(line).append('\n'));
            } catch (IOException e) {
                throw new UncheckedIOException("the log of " + part, e);
            }
        }
        return words.toString();
    }

    @Override
    public void close() throws IOException {
        volumes.ifPresent(Volumes::close);
        sandbox.close();
        place.close();
    }
}
