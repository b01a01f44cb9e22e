package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.Engine;
import io.fabric8.kubernetes.api.model.Event;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change of {@code spec.engine} while the ensemble serves, against a pretended Kubernetes. */
final class EngineChangeTest {
    private static final String PADDOCKS = Release.VERSION;

    private final Lab lab = new Lab();

    @BeforeEach
    void anEnsembleOfZooKeeper() {
        lab.create(Lab.spec(Engine.ZOOKEEPER, "3.9.5", Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private void nothingWasTouched() {
        assertThat(lab.node().deeds()).isEmpty();
        assertThat(lab.node().engines()).containsOnly(dev.paddock.operator.migration.Engine.ZOOKEEPER);
    }

    @Test
    void followersChangeFirstTheLeaderLastAndAllGoBack() {
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.awaitReady(3);
        assertThat(lab.node().deeds())
                .containsExactly("stop 2", "start 2", "stop 3", "start 3", "stop 1", "lead 2", "start 1");
        assertThat(lab.node().engines()).containsOnly(dev.paddock.operator.migration.Engine.PADDOCK);
        assertThat(lab.client().v1().events().inNamespace(Lab.NAMESPACE).list().getItems())
                .extracting(Event::getMessage)
                .contains("restart member 2: member 2 becomes Paddock");

        lab.node().forgetDeeds();
        lab.runs(Engine.ZOOKEEPER, "3.9.5", Map.of());
        lab.awaitReady(3);
        assertThat(lab.node().deeds())
                .containsExactly("stop 1", "start 1", "stop 3", "start 3", "stop 2", "lead 1", "start 2");
        assertThat(lab.node().engines()).containsOnly(dev.paddock.operator.migration.Engine.ZOOKEEPER);
    }

    @Test
    void aVersionOfTheOtherEngineIsRefused() {
        lab.runs(Engine.PADDOCK, "3.9.5", Map.of());
        ClusterStatus refused = lab.await(
                "Stalled", "spec.version 3.9.5 is one of ZooKeeper's; leave it out, or name one of Paddock's");
        assertThat(refused.condition("Upgrading"))
                .get()
                .extracting(Condition::message)
                .isEqualTo("3 members are to become Paddock");
        nothingWasTouched();
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.awaitReady(3);
        lab.runs(Engine.ZOOKEEPER, "3.9.3", Map.of());
        lab.await(
                "Stalled", "spec.version 3.9.3 is no ZooKeeper that Paddock's servers can be mixed with; 3.9.5 is one");
        lab.runs(Engine.ZOOKEEPER, "3.8.4", Map.of());
        lab.await(
                "Stalled", "spec.version 3.8.4 is no ZooKeeper that Paddock's servers can be mixed with; 3.9.5 is one");
    }

    /** Its members would be strangers to the others, one after the other. */
    @Test
    void aVersionThatDoesNotUnderstandTheOthersIsRefusedWhileAnyRuns() {
        lab.runs(Engine.ZOOKEEPER, "3.8.4", Map.of());
        lab.await(
                "Stalled",
                "spec.version 3.8.4 does not understand the TLS that members speak with each other; name a 3.9, or set"
                        + " spec.replicas to 0, and back with that version when all pods are gone");
        nothingWasTouched();
        lab.runs(Engine.ZOOKEEPER, "3.9.4", Map.of());
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3");

        lab.respecify(_ -> new ClusterSpec(0, null, Engine.ZOOKEEPER, "3.8.4", null, null, null, null, null, null));
        lab.await("Ready", "0 of 3 voters serve");
        lab.runs(Engine.ZOOKEEPER, "3.8.4", Map.of());
        lab.awaitReady(3);
    }

    @Test
    void aSettingThatPaddockDoesNotKnowIsRefused() {
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of("extended", "true"));
        lab.await("Stalled", "without effect in Paddock: extended; take that out of spec.config");
        nothingWasTouched();
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.awaitReady(3);
    }

    /** A ZooKeeper's pod has it. */
    @Test
    void aSettingThatPaddocksPodsCannotHaveIsRefused() {
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of("admin.forceHttps", "true"));
        ClusterStatus refused =
                lab.await("Stalled", "without effect in Paddock: admin.forceHttps; take that out of spec.config");
        assertThat(refused.condition("ConfigIgnored"))
                .get()
                .extracting(Condition::message)
                .isEqualTo("members do not get what spec.config says of admin.forceHttps (the kubelet and the operator"
                        + " ask Paddock's members at port 8080 without TLS); take it out");
        nothingWasTouched();
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        ClusterStatus ready = lab.awaitReady(3);
        assertThat(ready.condition("ConfigIgnored"))
                .get()
                .matches(condition -> !condition.holds())
                .extracting(Condition::message)
                .isEqualTo("no key of spec.config is left out");
    }

    @Test
    void largerRequestsThanZooKeeperReadsAreRefusedBothWays() {
        Map<String, String> config = Map.of("jute.maxbuffer", "4194304");
        String why = "spec.config has Paddock take and write more than ZooKeeper reads: jute.maxbuffer;"
                + " take it out while both kinds are members";
        lab.runs(Engine.PADDOCK, PADDOCKS, config);
        lab.await("Stalled", why);
        nothingWasTouched();
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.runs(Engine.ZOOKEEPER, "3.9.5", config);
        lab.await("Stalled", why);
        assertThat(lab.node().deeds()).isEmpty();
    }

    @Test
    void aLeaderThatWouldSayNothingIsRefused() {
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of("leaderServes", "no"));
        lab.await(
                "Stalled",
                "spec.config has leaderServes=no, and the operator is told who leads by the server that does; take the"
                        + " key out");
        nothingWasTouched();
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of("leaderServes", "yes"));
        lab.awaitReady(3);
    }

    @Test
    void aTreeThatDiffersStopsTheChange() {
        lab.node().count(3, 1);
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.awaitStalled("member 3 counts 1 digest mismatches");
        nothingWasTouched();
        lab.node().count(3, 0);
        lab.awaitReady(3);
    }

    @Test
    void aReleaseThatLosesWritesIsNotRestarted() {
        lab.node().zookeeper("3.9.3");
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.await(
                "Stalled",
                "member 1 runs a ZooKeeper that may lose acknowledged writes where members restart one after the other;"
                        + " have spec.version be 3.9.5 first");
        nothingWasTouched();
        lab.node().zookeeper("3.9.5");
        lab.awaitReady(3);
    }

    /** What does not serve is not asked for anything: the other engine may be what mends it. */
    @Test
    void whoDoesNotServeIsReplacedWhateverTheOthersSay() {
        lab.node().count(3, 1);
        lab.runs(Engine.PADDOCK, PADDOCKS, Map.of());
        lab.awaitStalled("member 3 counts 1 digest mismatches");
        lab.node().fall(2);
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 2"));
        lab.awaitStalled("member 3 counts 1 digest mismatches");
        assertThat(lab.node().deeds()).containsExactly("stop 2", "start 2");
        assertThat(lab.node().engines())
                .containsExactly(
                        dev.paddock.operator.migration.Engine.ZOOKEEPER,
                        dev.paddock.operator.migration.Engine.PADDOCK,
                        dev.paddock.operator.migration.Engine.ZOOKEEPER);
    }
}
