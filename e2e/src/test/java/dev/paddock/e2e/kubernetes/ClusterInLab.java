package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A CoordinationCluster {@code demo} in a namespace of its own, which refuses pods that are not {@code restricted}. */
final class ClusterInLab implements AutoCloseable {
    static final String NAME = "demo";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Lab lab;
    private final String namespace;

    ClusterInLab(Lab lab, String namespace) {
        this.lab = lab;
        this.namespace = namespace;
        lab.client()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                        .endMetadata()
                        .build())
                .create();
    }

    String namespace() {
        return namespace;
    }

    /** As a person does it. */
    void apply(Path manifest) throws IOException, InterruptedException {
        kubectl("apply", "--server-side", "--filename=" + manifest);
    }

    /** One of so many voters. */
    void create(int replicas, Path scratch) throws IOException, InterruptedException {
        Path manifest = scratch.resolve("cluster.yaml");
        Files.writeString(manifest, """
                apiVersion: paddock.dev/v1
                kind: CoordinationCluster
                metadata:
                  name: demo
                spec:
                  replicas: %d
                  storage:
                    size: 1Gi
                """.formatted(replicas));
        apply(manifest);
    }

    /** Changes the parts of its spec that this JSON names. */
    void specify(String spec) throws IOException, InterruptedException {
        kubectl("patch", "ccl/" + NAME, "--type=merge", "--patch={\"spec\":" + spec + "}");
    }

    String kubectl(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 1];
        all[0] = "--namespace=" + namespace;
        System.arraycopy(words, 0, all, 1, words.length);
        return lab.kubectl(all);
    }

    /** Waits as a person does, until the spec as it is now is carried out with so many voters. */
    ClusterStatus awaitReady(int voters) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            CoordinationCluster cluster = get();
            assertThat(cluster.getStatus().observedGeneration())
                    .as(() -> String.valueOf(cluster.getStatus()))
                    .isEqualTo(cluster.getMetadata().getGeneration());
            assertThat(cluster.getStatus().condition("Ready").filter(Condition::holds))
                    .as(() -> String.valueOf(cluster.getStatus()))
                    .isPresent();
            assertThat(cluster.getStatus().ensemble().voters()).hasSize(voters);
        });
        return get().getStatus();
    }

    CoordinationCluster get() {
        return client().resources(CoordinationCluster.class)
                .inNamespace(namespace)
                .withName(NAME)
                .get();
    }

    List<Pod> pods() {
        return client().pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", NAME)
                .list()
                .getItems();
    }

    Pod pod(int id) {
        return client().pods().inNamespace(namespace).withName(NAME + "-" + id).get();
    }

    /** Of the pods of members 1 to {@code last}. */
    List<String> uids(int last) {
        return IntStream.rangeClosed(1, last)
                .mapToObj(id -> pod(id).getMetadata().getUid())
                .toList();
    }

    /** What the operator told that it does, in that order. */
    List<String> steps() {
        return client().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> "Step".equals(event.getReason()))
                .sorted(Comparator.comparingLong(
                        event -> Long.parseLong(event.getMetadata().getResourceVersion())))
                .map(Event::getMessage)
                .toList();
    }

    /** Kills a pod without a word, and waits for the next one. */
    void killPod(int id) throws Exception {
        String uid = pod(id).getMetadata().getUid();
        kubectl("delete", "pod/demo-" + id, "--grace-period=0", "--force");
        awaitAnother(id, uid);
    }

    /** Waits until another pod is that member's, and all serve. */
    void awaitAnother(int id, String uid) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Pod pod = pod(id);
            assertThat(pod).isNotNull();
            assertThat(pod.getMetadata().getUid()).isNotEqualTo(uid);
            assertThat(Readiness.getInstance().isReady(pod))
                    .as("what the status says may be of the one before")
                    .isTrue();
            assertThat(get().getStatus().members()).anyMatch(member -> member.id() == id && member.ready());
        });
        awaitReady(3);
    }

    int leader() {
        return get().getStatus().ensemble().leader();
    }

    /**
     * The client Service, as this machine reaches it. Twice, so that clients try again in time where a packet was lost while kube-proxy
     * changed its rules: the first of a connection then goes nowhere, and so do all that follow it.
     */
    String service() {
        String address = client().services()
                        .inNamespace(namespace)
                        .withName(NAME + "-client")
                        .get()
                        .getSpec()
                        .getClusterIP()
                + ":2181";
        return address + "," + address;
    }

    private KubernetesClient client() {
        return lab.client();
    }

    /** With all that is in its namespace; returns at once. */
    @Override
    public void close() {
        client().namespaces().withName(namespace).delete();
    }
}
