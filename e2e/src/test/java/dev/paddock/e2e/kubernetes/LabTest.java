package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That the lab is a Kubernetes: pods of our images, volumes, names, Services, a StatefulSet that is scaled. */
@ExtendWith(LabExtension.class)
class LabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String NAMESPACE = "lab-test";

    @AfterEach
    void deleteAll(Lab lab) {
        lab.client().namespaces().withName(NAMESPACE).delete();
    }

    @Test
    void podsOfOurImagesHaveVolumesNamesAndServices(Lab lab) throws Exception {
        Images.loadInto(lab);
        try (InputStream manifests = LabTest.class.getResourceAsStream("pair.yaml")) {
            lab.client().load(manifests).serverSideApply();
        }
        awaitReady(lab.client(), 2);
        write(lab, "pair-1", "localhost");
        assertThat(list(lab, "pair-0", "pair-1.pair"))
                .as("by the name in the headless Service")
                .contains("made");
        assertThat(list(lab, "pair-0", "localhost")).as("another server's").doesNotContain("made");
        assertThat(askedThroughTheService(lab)).isEqualTo("imok");

        lab.kubectl("--namespace=" + NAMESPACE, "scale", "statefulset/pair", "--replicas=3");
        awaitReady(lab.client(), 3);
        lab.kubectl("--namespace=" + NAMESPACE, "delete", "pod/pair-1", "--wait=true");
        awaitReady(lab.client(), 3);
        assertThat(list(lab, "pair-2", "pair-1.pair")).as("from its volume").contains("made");
        lab.kubectl("--namespace=" + NAMESPACE, "scale", "statefulset/pair", "--replicas=1");
        awaitReady(lab.client(), 1);
    }

    private static void awaitReady(KubernetesClient client, int replicas) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            var status = client.apps()
                    .statefulSets()
                    .inNamespace(NAMESPACE)
                    .withName("pair")
                    .get()
                    .getStatus();
            assertThat(status.getReplicas()).isEqualTo(replicas);
            assertThat(status.getReadyReplicas()).isEqualTo(replicas);
        });
    }

    private static void write(Lab lab, String pod, String server) throws Exception {
        shell(lab, pod, server, "create", "/made", "here");
    }

    private static String list(Lab lab, String pod, String server) throws Exception {
        return shell(lab, pod, server, "ls", "/");
    }

    private static String shell(Lab lab, String pod, String server, String... words) throws Exception {
        String[] start = {
            "--namespace=" + NAMESPACE, "exec", pod, "--", "java", "@cli.args", "shell", "-server", server + ":2181"
        };
        String[] all = Stream.of(start, words).flatMap(Arrays::stream).toArray(String[]::new);
        return lab.kubectl(all);
    }

    /** From this machine, as one of the clients outside would. */
    private static String askedThroughTheService(Lab lab) throws IOException {
        String address = lab.client()
                .services()
                .inNamespace(NAMESPACE)
                .withName("client")
                .get()
                .getSpec()
                .getClusterIP();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 2181), 10_000);
            socket.getOutputStream().write("ruok".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
