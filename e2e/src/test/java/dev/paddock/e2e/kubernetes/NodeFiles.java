package dev.paddock.e2e.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files that the programs of a node read. Whoever speaks to the API server shows a token, by which it knows a user; its own
 * certificate it makes itself, and all others trust just that one.
 */
final class NodeFiles {
    static final String NODE = "lab";

    /** Users and their groups. */
    private static final Map<String, String> USERS = new TreeMap<>(Map.of(
            "admin",
            "system:masters",
            "system:kube-controller-manager",
            "",
            "system:kube-scheduler",
            "",
            "system:kube-proxy",
            "",
            "system:node:" + NODE,
            "system:nodes"));

    private final Place place;
    private final Map<String, String> tokens = new TreeMap<>(); // by user

    NodeFiles(Place place) {
        this.place = place;
        SecureRandom random = new SecureRandom();
        for (String user : USERS.keySet()) {
            byte[] token = new byte[16];
            random.nextBytes(token);
            tokens.put(user, HexFormat.of().formatHex(token));
        }
    }

    Path file(String name) {
        return place.folder().resolve(name);
    }

    String path(String name) {
        return file(name).toString();
    }

    /** Where pods, kubelet and this machine reach what listens on the node. */
    String address() {
        return place.pods() + ".1";
    }

    void writeBeforeTheApiServer() throws IOException {
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwx------"));
        StringBuilder users = new StringBuilder();
        USERS.forEach((user, group) -> users.append("%s,%s,%s,%s%n".formatted(tokens.get(user), user, user, group)));
        Files.writeString(file("tokens.csv"), users);
        writeKeys();
        Files.createDirectories(file("cni"));
        Files.writeString(file("cni/lab.conflist"), networking());
        Files.writeString(file("containerd.toml"), containerd());
        Files.writeString(file("kubelet.yaml"), kubelet());
        Files.writeString(file("audit.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived]
                rules:
                  - level: Metadata
                    users: ["%s"]
                  - level: None
                """.formatted(Chart.OPERATOR));
        Files.writeString(file("Corefile"), """
                .:53 {
                    bind %s
                    errors
                    kubernetes cluster.local {
                        kubeconfig %s
                    }
                    cache 5
                }
                """.formatted(address(), path("admin.kubeconfig")));
    }

    /** Signs the tokens of pods. */
    private void writeKeys() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            Files.writeString(
                    file("accounts.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            Files.writeString(
                    file("accounts.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    private static String pem(String kind, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }

    /** The API server has made its certificate by now. */
    void writeKubeconfigs() throws IOException {
        String certificate = Base64.getEncoder()
                .encodeToString(
                        Files.readString(file("certificates/apiserver.crt")).getBytes(StandardCharsets.UTF_8));
        for (String user : tokens.keySet()) {
            Files.writeString(kubeconfig(user), """
                    apiVersion: v1
                    kind: Config
                    clusters:
                      - name: lab
                        cluster: {server: "https://%s:6443", certificate-authority-data: "%s"}
                    users:
                      - name: user
                        user: {token: "%s"}
                    contexts:
                      - name: lab
                        context: {cluster: lab, user: user}
                    current-context: lab
                    """.formatted(address(), certificate, tokens.get(user)));
        }
    }

    Path kubeconfig(String user) {
        return file(user.replace(':', '-') + ".kubeconfig");
    }

    private String networking() {
        return """
                {"cniVersion": "0.4.0", "name": "lab", "plugins": [
                  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
                   "ipam": {"type": "host-local", "ranges": [[{"subnet": "%s.0/24"}]], "dataDir": "%s",
                            "routes": [{"dst": "0.0.0.0/0"}]}},
                  {"type": "portmap", "capabilities": {"portMappings": true}}
                ]}
                """.formatted(place.pods(), path("addresses"));
    }

    /** Without restrict_oom_score_adj runc fails where root lacks CAP_SYS_RESOURCE. */
    private String containerd() {
        return """
                version = 2
                root = "%s"
                state = "/run/containerd"
                disabled_plugins = ["io.containerd.internal.v1.opt"]
                [grpc]
                  address = "%s"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%s"
                  restrict_oom_score_adj = true
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "%s"
                    conf_dir = "%s"
                """.formatted(path("containerd"), path("containerd.sock"), PauseImage.TAG, path("plugins"), path("cni"));
    }

    private String kubelet() {
        List<String> lines = List.of(
                "apiVersion: kubelet.config.k8s.io/v1beta1",
                "kind: KubeletConfiguration",
                "authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}",
                "authorization: {mode: AlwaysAllow}", // only this machine reaches it
                "cgroupDriver: cgroupfs",
                "cgroupRoot: /" + place.group(),
                "clusterDNS: [" + address() + "]",
                "clusterDomain: cluster.local",
                "containerRuntimeEndpoint: unix://" + path("containerd.sock"),
                "enforceNodeAllocatable: []",
                "evictionHard: {}",
                "failCgroupV1: false",
                "failSwapOn: false",
                "imageGCHighThresholdPercent: 100", // images cannot be pulled again
                "localStorageCapacityIsolation: false",
                "resolvConf: /dev/null",
                "volumePluginDir: " + path("volume-plugins"),
                "");
        return String.join("\n", lines);
    }
}
