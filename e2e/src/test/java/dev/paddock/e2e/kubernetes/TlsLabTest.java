package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster with a certificate, as its clients find it. */
@ExtendWith(LabExtension.class)
class TlsLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Path ROOT = Path.of(System.getProperty("paddock.root"));
    private static final int SESSION_MILLIS = 30_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final long HELLO = -65536; // the version that a member's first message begins with
    private static final int DNS_NAME = 2;
    private static final int END = -1;
    private static final int TLS_ALERT = 0x15;

    @TempDir
    Path scratch;

    private final X509Bundle authority = new CertificateBuilder()
            .ecp256()
            .subject("CN=shepherds")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();

    TlsLabTest() throws Exception {}

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
    }

    /** From the manifest alone to a Secret that is renewed, and to the port without TLS being opened again. */
    @Test
    void clientsComeInByTlsAndARenewalRestartsNobody(Lab lab) throws Exception {
        try (ClusterInLab cluster = new ClusterInLab(lab, "tls")) {
            cluster.apply(ROOT.resolve("examples/tls.yaml"));
            cluster.kubectl("wait", "--for=condition=CertificatesReady=false", "ccl/demo", "--timeout=170s");
            assertThat(cluster.get()
                            .getStatus()
                            .condition("CertificatesReady")
                            .orElseThrow()
                            .reason())
                    .isEqualTo("SecretMissing");
            X509Certificate first = issue(cluster, Optional.empty());
            assertThat(cluster.awaitReady(3).endpoint()).isEqualTo("demo-client.tls.svc:2281");

            String address = address(lab, cluster);
            for (Pod pod : pods(cluster)) {
                assertThat(served(pod, 2281)).isEqualTo(first);
                assertThatThrownBy(() -> connect(pod, 2181)).isInstanceOf(ConnectException.class);
            }

            membersAreKnownByTheirKeys(cluster);

            InjectedPods.apply(lab, cluster, "job.yaml"); // its sidecar trusts ca.crt
            InjectedPods.awaitLocked(cluster);

            List<String> pods = uids(cluster);
            X509Certificate second = issue(cluster, Optional.of(address));
            long start = System.nanoTime();
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Pod pod : pods(cluster)) assertThat(served(pod, 2281)).isEqualTo(second);
            });
            System.out.printf("renewed: with all servers after %.0f s%n", (System.nanoTime() - start) / 1e9);
            write(address);
            cluster.awaitReady(3);

            cluster.specify("{\"tls\":{\"client\":{\"required\":false}}}");
            assertThat(cluster.awaitReady(3).endpoint()).isEqualTo("demo-client.tls.svc:2181");
            for (Pod pod : pods(cluster)) connect(pod, 2181);
            assertThat(uids(cluster)).as("nobody was restarted").isEqualTo(pods);
            assertThat(pods(cluster))
                    .flatExtracting(pod -> pod.getStatus().getContainerStatuses())
                    .hasSize(3)
                    .allMatch(container -> container.getRestartCount() == 0);
        }
    }

    /**
     * Makes the Secret, or writes another certificate into it.
     *
     * @param address of the client Service, for clients outside of the Kubernetes, to whom its name says nothing
     */
    private X509Certificate issue(ClusterInLab cluster, Optional<String> address) throws Exception {
        CertificateBuilder certificate =
                new CertificateBuilder().rsa2048().subject("CN=demo").addSanDnsName("demo-client.tls.svc");
        address.ifPresent(certificate::addSanIpAddress);
        X509Bundle issued = certificate.buildIssuedBy(authority);
        String secret = cluster.kubectl(
                "create",
                "secret",
                "generic",
                "demo-tls",
                "--type=kubernetes.io/tls",
                "--from-file=" + file("tls.crt", issued.getCertificatePathPEM()),
                "--from-file=" + file("tls.key", issued.getPrivateKeyPEM()),
                "--from-file=" + file("ca.crt", authority.getCertificatePEM()),
                "--dry-run=client",
                "--output=yaml");
        cluster.apply(file("secret.yaml", secret));
        return issued.getCertificate();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(scratch.resolve(name), text);
    }

    /** Of the client Service, which has the one port. */
    private static String address(Lab lab, ClusterInLab cluster) {
        var service = lab.client()
                .services()
                .inNamespace(cluster.namespace())
                .withName("demo-client")
                .get();
        assertThat(service.getSpec().getPorts())
                .extracting(ServicePort::getPort)
                .containsExactly(2281);
        return service.getSpec().getClusterIP();
    }

    /** By Apache's client, which looks whom the certificate is for. Two addresses: see {@link ClusterInLab#service}. */
    @SuppressWarnings("try") // its close may be interrupted
    private void write(String address) throws Exception {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty("zookeeper.client.secure", "true");
        config.setProperty("zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        config.setProperty(
                "zookeeper.ssl.trustStore.location",
                file("ca.pem", authority.getCertificatePEM()).toString());
        try (ZooKeeper client =
                new ZooKeeper(address + ":2281," + address + ":2281", SESSION_MILLIS, event -> {}, config)) {
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            byte[] data = "by TLS".getBytes(StandardCharsets.UTF_8);
            client.create("/written", data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            assertThat(client.getData("/written", false, null)).isEqualTo(data);
        }
    }

    /** At the ports for votes, and at that of the leader for learners. */
    private static void membersAreKnownByTheirKeys(ClusterInLab cluster) throws Exception {
        for (int id : List.of(1, 2, 3)) {
            String host = "demo-" + id + ".demo-peers." + cluster.namespace() + ".svc";
            Pod pod = cluster.pod(id);
            assertThat(served(pod, 3888).getSubjectAlternativeNames()).containsExactly(List.of(DNS_NAME, host));
            assertThat(plainHello(pod, id == 3 ? 2 : 3))
                    .as("answer of member " + id)
                    .isIn(END, TLS_ALERT);
        }
        Pod leader = cluster.pod(cluster.leader());
        assertThat(served(leader, 2888)).isEqualTo(served(leader, 3888));
        try (SSLSocket nobody = handshake(leader, 2888)) {
            assertThat(first(nobody)).as("answer to one without a key").isEqualTo(END);
        }
    }

    /** The first byte of what is answered to who says, without TLS, that he is another member. */
    private static int plainHello(Pod pod, int as) throws IOException {
        byte[] address = ("demo-" + as + ":3888").getBytes(StandardCharsets.UTF_8);
        ByteBuffer hello = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + address.length)
                .putLong(HELLO)
                .putLong(as)
                .putInt(address.length)
                .put(address);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(CONNECT_MILLIS);
            socket.connect(new InetSocketAddress(pod.getStatus().getPodIP(), 3888), CONNECT_MILLIS);
            socket.getOutputStream().write(hello.array());
            return first(socket);
        }
    }

    /** A timeout is a failure: the other side still listens. */
    private static int first(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SSLException | SocketException refused) {
            return END;
        }
    }

    /** Of the server at that port, whoever it is. */
    static X509Certificate served(Pod pod, int port) throws Exception {
        try (SSLSocket socket = handshake(pod, port)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private static SSLSocket handshake(Pod pod, int port) throws Exception {
        SSLContext anybody = SSLContext.getInstance("TLS");
        anybody.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket = (SSLSocket) anybody.getSocketFactory().createSocket();
        socket.setSoTimeout(CONNECT_MILLIS);
        socket.connect(new InetSocketAddress(pod.getStatus().getPodIP(), port), CONNECT_MILLIS);
        return socket;
    }

    private static void connect(Pod pod, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(pod.getStatus().getPodIP(), port), CONNECT_MILLIS);
        }
    }

    private static List<String> uids(ClusterInLab cluster) {
        return pods(cluster).stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    private static List<Pod> pods(ClusterInLab cluster) {
        List<Pod> pods = cluster.pods();
        assertThat(pods).hasSize(3);
        return pods;
    }
}
