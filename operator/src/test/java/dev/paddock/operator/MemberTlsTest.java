package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.Condition;
import dev.paddock.crds.Engine;
import dev.paddock.operator.ensemble.Ensemble;
import dev.paddock.operator.ensemble.Labels;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster whose members speak TLS with each other, and one of which they do not. That the two are never mixed, {@link PretendedNode} sees. */
final class MemberTlsTest {
    private static final Map<String, String> BY_HAND = Map.of("sslQuorum", "false");

    private final Lab lab = new Lab();

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void theyDoFromTheFirstMomentAndWhileTheyRun() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        assertThat(secure()).containsExactly(true, true, true);
        assertThat(secret("demo-members").getData()).containsOnlyKeys("1.pem", "2.pem", "3.pem", "ca.pem");

        lab.scale(5);
        lab.awaitReady(5);
        assertThat(secret("demo-members").getData()).containsKeys("4.pem", "5.pem");
        lab.respecify(_ -> Lab.spec(5, BY_HAND));
        lab.awaitReady(5);
        assertThat(secure()).hasSize(5).containsOnly(true);
    }

    @Test
    void aClusterWithoutChangesOverWhileNoneRunsAndAtNoOtherTime() {
        lab.create(Lab.spec(3, BY_HAND));
        lab.awaitReady(3);
        assertThat(secure()).containsExactly(false, false, false);
        assertThat(lab.client().secrets().inNamespace(Lab.NAMESPACE).list().getItems())
                .extracting(secret -> secret.getMetadata().getName())
                .containsExactly("demo-super");

        lab.node().forgetDeeds();
        lab.configure("tickTime", "1000");
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3"));
        lab.awaitReady(3);
        assertThat(secure()).as("restarted").containsExactly(false, false, false);

        lab.node().forgetDeeds();
        lab.node().killAll();
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3"));
        lab.awaitReady(3);
        assertThat(secure()).as("all killed at once").containsExactly(false, false, false);

        String before = lab.statefulSet().get().getMetadata().getUid();
        lab.client()
                .resource(lab.statefulSet().get())
                .withPropagationPolicy(DeletionPropagation.ORPHAN)
                .delete();
        await().until(() -> lab.statefulSet().get() != null
                && !lab.statefulSet().get().getMetadata().getUid().equals(before));
        lab.awaitReady(3);
        assertThat(Ensemble.hasMemberKeys(
                        lab.statefulSet().get().getSpec().getTemplate().getSpec()))
                .as("made anew around pods that run")
                .isFalse();

        lab.scale(0);
        await().until(() -> pods().isEmpty());
        lab.scale(3);
        lab.awaitReady(3);
        assertThat(secure()).containsExactly(true, true, true);
    }

    /** It compares a certificate with what the address of a pod is called. */
    @Test
    void aZooKeeperBeforeThreeNineDoesNot() {
        lab.create(Lab.spec(Engine.ZOOKEEPER, "3.8.4", Map.of()));
        lab.awaitReady(3);
        assertThat(secure()).containsExactly(false, false, false);
    }

    @Test
    void aSecretOfSomebodyElseIsNotWrittenOver() {
        Map<String, String> data = Map.of("a", "Yg==");
        lab.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("demo-authority")
                        .withNamespace(Lab.NAMESPACE)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
        lab.create(Lab.spec(3, Map.of()));
        awaitWaiting("Secret demo-authority is not Paddock's, which needs this name; give it another");
        assertThat(secret("demo-authority").getData()).isEqualTo(data);
        assertThat(pods()).isEmpty();

        lab.client().resource(secret("demo-authority")).delete();
        lab.awaitReady(3);
        assertThat(secure()).containsExactly(true, true, true);
    }

    @Test
    void aLostAuthorityIsFollowedByAnotherThatAllTrustBeforeAnythingElseChanges() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        Map<String, String> before = secret("demo-members").getData();
        lab.node().forgetDeeds();
        lab.client().resource(secret("demo-authority")).delete();
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3"));
        lab.awaitReady(3);
        Map<String, String> after = secret("demo-members").getData();
        for (String own : List.of("1.pem", "2.pem", "3.pem")) assertThat(after).containsEntry(own, before.get(own));
        assertThat(text(after.get("ca.pem")))
                .endsWith(text(before.get("ca.pem")))
                .isNotEqualTo(text(before.get("ca.pem")));
    }

    /** Whoever restarted then would be a stranger to the others. */
    @Test
    void whereAllIsLostNobodyIsRestartedBeforeAllHaveStopped() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.pause(true);
        await().untilAsserted(() ->
                assertThat(lab.cluster().getStatus().condition("Paused")).get().matches(Condition::holds));
        lab.client().resource(secret("demo-authority")).delete();
        lab.client().resource(secret("demo-members")).delete();
        lab.pause(false);
        awaitWaiting(
                "Secrets demo-authority and demo-members are lost, and members that run take nobody with keys that"
                        + " they do not know: put one of the two back, or set spec.replicas to 0, and back when all pods are gone");
        assertThat(lab.node().deeds()).isEmpty();

        lab.scale(0);
        await().until(() -> pods().isEmpty());
        lab.scale(3);
        lab.awaitReady(3);
        assertThat(secure()).containsExactly(true, true, true);
    }

    private Secret secret(String name) {
        return lab.client().secrets().inNamespace(Lab.NAMESPACE).withName(name).get();
    }

    private List<Pod> pods() {
        return lab.client()
                .pods()
                .inNamespace(Lab.NAMESPACE)
                .withLabels(Labels.pods("demo"))
                .list()
                .getItems();
    }

    /** Of each pod. */
    private List<Boolean> secure() {
        return pods().stream().map(pod -> Ensemble.hasMemberKeys(pod.getSpec())).toList();
    }

    private void awaitWaiting(String why) {
        await().untilAsserted(() -> assertThat(
                        lab.cluster().getStatus().condition("Ready").map(Condition::message))
                .contains(why));
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
