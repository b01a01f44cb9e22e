package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.ClusterStatus;
import dev.paddock.crds.Condition;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.cluster.ClusterReconciler.Pace;
import dev.paddock.operator.planner.Membership;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimList;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The course of a cluster's life, against an API server that only stores and a pretended Kubernetes. */
final class OperatorTest {
    private Lab lab = new Lab();

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void aClusterIsMadeAndReported() {
        lab.create(Lab.spec(3, Map.of()));
        ClusterStatus ready = lab.awaitReady(3);
        assertThat(ready.endpoint()).isEqualTo("demo-client.prod.svc:2181");
        assertThat(ready.ready()).isEqualTo("3/3");
        assertThat(ready.version()).isEqualTo(Release.VERSION);
        assertThat(ready.ensemble().voters()).containsExactly(1, 2, 3);
        assertThat(ready.ensemble().leader()).isEqualTo(lab.node().leader());
        assertThat(ready.ensemble().configVersion()).isEqualTo("0");
        assertThat(ready.members()).extracting(ClusterStatus.Member::role).contains("leader", "follower");
        assertThat(ready.plan()).isNull();
        assertThat(ready.conditions())
                .extracting(Condition::type)
                .containsExactly(
                        "Ready",
                        "Reconciling",
                        "Stalled",
                        "QuorumHealthy",
                        "Available",
                        "Scaling",
                        "Upgrading",
                        "CertificatesReady",
                        "ConfigIgnored",
                        "Paused");
        List<Event> events =
                lab.client().v1().events().inNamespace(Lab.NAMESPACE).list().getItems();
        assertThat(events).extracting(Event::getMessage).contains("Ready is True: 3 of 3 voters serve");
        assertThat(lab.statefulSet().get().getSpec().getTemplate().getSpec().getContainers())
                .extracting(Container::getImage)
                .containsExactly(Lab.NODE_IMAGE + ":" + Release.VERSION);
    }

    @Test
    void itGrowsAndShrinksOneMemberAtATime() {
        lab.create(Lab.spec(1, Map.of()));
        lab.awaitReady(1);
        lab.node().forgetDeeds();
        lab.scale(3);
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).containsExactly("start 2", "promote 2", "start 3", "observe 3", "promote 3");
        lab.scale(1);
        lab.awaitReady(1);
        assertThat(lab.node().deeds().subList(5, 9)).containsExactly("remove 3", "stop 3", "remove 2", "stop 2");
        assertThat(lab.statefulSet().get().getSpec().getReplicas()).isEqualTo(1);
        lab.scale(3);
        lab.awaitReady(3);
        assertThat(lab.cluster().getStatus().ensemble().configVersion()).isNotEqualTo("0");
    }

    @Test
    void aChangeOfConfigRollsFollowersFirstAndMembersDoNotRollAnything() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.configure("tickTime", "1000");
        lab.awaitReady(3);
        assertThat(lab.node().deeds())
                .containsExactly("stop 2", "start 2", "stop 3", "start 3", "lead 2", "stop 1", "start 1");
    }

    @Test
    void anAnnotationRestartsAll() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        restart("2026-01-01T00:00:00Z");
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3"));
        lab.awaitReady(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whereNoneCanBeMissedOnlyPeopleRestartThem(int replicas) {
        lab.create(Lab.spec(replicas, Map.of()));
        lab.awaitReady(replicas);
        lab.node().forgetDeeds();
        lab.configure("tickTime", "1000");
        lab.awaitStalled(replicas == 1 ? "member 1 is on an old" : "members 1, 2 are on an old");
        assertThat(lab.cluster().getStatus().condition("Upgrading"))
                .get()
                .matches(Condition::holds)
                .extracting(Condition::message)
                .isEqualTo(replicas == 1 ? "1 member is to be restarted" : "2 members are to be restarted");
        assertThat(lab.node().deeds()).isEmpty();

        lab.node().bearWithOutages();
        restart("2026-01-01T00:00:00Z");
        await().untilAsserted(() -> assertThat(lab.node().deeds())
                .contains(IntStream.rangeClosed(1, replicas)
                        .mapToObj(id -> "start " + id)
                        .toArray(String[]::new)));
        lab.awaitReady(replicas);
        lab.node().forgetDeeds();
        lab.configure("tickTime", "1500");
        lab.awaitStalled(replicas == 1 ? "member 1 is on an old" : "members 1, 2 are on an old");
        assertThat(lab.node().deeds()).as("that was for once").isEmpty();
    }

    private void restart(String at) {
        lab.edit(cluster -> {
            cluster.getMetadata().setAnnotations(Map.of("paddock.dev/restartedAt", at));
            return cluster;
        });
    }

    @Test
    void whoLostItsVolumeJoinsAnew() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.node().loseVolume(3);
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("promote 3"));
        assertThat(lab.node().deeds()) // its pod starts as soon as it is out, be it an observer by then or not
                .containsExactlyInAnyOrder("stop 3", "remove 3", "start 3", "observe 3", "promote 3")
                .containsSubsequence("stop 3", "remove 3", "observe 3", "promote 3")
                .containsSubsequence("remove 3", "start 3", "promote 3");
        lab.awaitReady(3);
    }

    @Test
    void whenAllVotersButOneAreLostNothingIsDoneAndTheStatusSaysSo() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().killAll();
        lab.node().loseVolume(2);
        lab.node().loseVolume(3);
        lab.await(
                "Stalled",
                "members 2, 3 lost the data volume, and the rest is no quorum: bring back a volume, or restore a snapshot"
                        + " into a new cluster");
    }

    @Test
    void itHibernatesAndWakesWithItsMembers() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.scale(0);
        await().untilAsserted(() -> {
            assertThat(lab.statefulSet().get().getSpec().getReplicas()).isZero();
            assertThat(lab.cluster()
                            .getStatus()
                            .condition("Ready")
                            .orElseThrow()
                            .reason())
                    .isEqualTo("Hibernated");
        });
        assertThat(lab.cluster().getStatus().condition("Scaling").orElseThrow().message())
                .isEqualTo("3 voters, none of whom is to run");
        Membership before = lab.node().committed();
        lab.scale(3);
        lab.awaitReady(3);
        assertThat(warnings()).isEmpty();
        assertThat(lab.node().committed()).isEqualTo(before);
        assertThat(before.voters()).isEqualTo(new TreeSet<>(List.of(1, 2, 3)));
    }

    /** The spec asked for three again, and the operator's cache has not heard of it yet. */
    @Test
    void anOldSpecStopsNobody() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        AtomicInteger reads =
                lab.api().answer("/apis/paddock.dev/v1/namespaces/prod/coordinationclusters/demo", lab.cluster());
        lab.client()
                .resources(CoordinationCluster.class)
                .inNamespace(Lab.NAMESPACE)
                .withName("demo")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":0}}");
        await().untilAsserted(() -> assertThat(reads).hasValueGreaterThan(20));
        assertThat(lab.statefulSet().get().getSpec().getReplicas()).isEqualTo(3);
        assertThat(lab.node().deeds()).isEmpty();
    }

    @Test
    void volumesGrowWithoutARestart() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        for (int id = 1; id <= 4; id++) claim(id, "8Gi");
        lab.node().forgetDeeds();
        lab.store("16Gi");
        lab.await("Reconciling", "the volume data-demo-1 grows from 8Gi to 16Gi");
        await().untilAsserted(() -> assertThat(requests()).containsExactly("16Gi", "16Gi", "16Gi", "8Gi"));

        for (int id = 1; id <= 3; id++) resize(id, "16Gi");
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).isEmpty();
        var template =
                lab.statefulSet().get().getSpec().getVolumeClaimTemplates().getFirst();
        assertThat(template.getSpec().getResources().getRequests())
                .as("nobody can change it")
                .containsEntry("storage", new Quantity("8Gi"));
    }

    @Test
    void whereVolumesCannotGrowTheStatusSaysSoAndTheRestGoesOn() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        for (int id = 1; id <= 3; id++) claim(id, "8Gi");
        lab.api()
                .refuseToPatch(
                        "/api/v1/namespaces/prod/persistentvolumeclaims/data-demo-2", "the class cannot be resized");
        lab.node().forgetDeeds();
        lab.store("16Gi");
        lab.await(
                "Stalled",
                "the volume data-demo-2 cannot grow to 16Gi: the class cannot be resized; set allowVolumeExpansion: true in"
                        + " its StorageClass");
        assertThat(requests()).containsExactly("16Gi", "8Gi", "16Gi");
        restart("2026-01-01T00:00:00Z");
        await().untilAsserted(() -> assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3"));
    }

    private void claim(int id, String size) {
        lab.node().claim(id, size);
        resize(id, size);
    }

    /** As what provides volumes does. */
    private void resize(int id, String size) {
        claims().withName("data-demo-" + id)
                .editStatus(claim -> new PersistentVolumeClaimBuilder(claim)
                        .withNewStatus()
                        .addToCapacity("storage", new Quantity(size))
                        .endStatus()
                        .build());
    }

    /** What claims ask for, by id. */
    private List<String> requests() {
        return claims().list().getItems().stream()
                .sorted(Comparator.comparing(claim -> claim.getMetadata().getName()))
                .map(claim -> claim.getSpec()
                        .getResources()
                        .getRequests()
                        .get("storage")
                        .toString())
                .toList();
    }

    private NonNamespaceOperation<PersistentVolumeClaim, PersistentVolumeClaimList, Resource<PersistentVolumeClaim>>
            claims() {
        return lab.client().persistentVolumeClaims().inNamespace(Lab.NAMESPACE);
    }

    @Test
    void allPodsKilledAtOnceComeBackByThemselves() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().killAll();
        lab.awaitReady(3);
    }

    /** Who leads a quorum knows the members better, whatever version people write. */
    @Test
    void membersThatPeopleEditAreSetRight() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        var config = lab.client().configMaps().inNamespace(Lab.NAMESPACE).withName("demo-config");
        Map<String, String> right = config.get().getData();
        config.edit(edited -> {
            String members = right.get("members");
            assertThat(members).endsWith("version=0\n");
            String fewer = members.substring(0, members.indexOf("server.3="));
            edited.getData().put("members", fewer + "version=ffffffffff\n");
            return edited;
        });
        await().untilAsserted(() -> assertThat(config.get().getData()).isEqualTo(right));
        lab.scale(5);
        lab.awaitReady(5);
    }

    @Test
    void conditionsTurnAndAreTold() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        isTold("Normal", "QuorumHealthy is True: ");
        isTold("Normal", "Available is True: member 1 leads a quorum");
        lab.scale(4);
        lab.awaitReady(4);
        isTold("Normal", "Ready is False: ");
        isTold("Normal", "Scaling is True: 3 voters, 4 wanted");
        isTold("Normal", "Scaling is False: 4 voters, 4 wanted");
        assertThat(warnings()).isEmpty();
        lab.node().fall(2);
        lab.node().fall(3);
        isTold("Warning", "QuorumHealthy is False: 0 of 4 voters serve");
        isTold("Warning", "Available is False: nobody leads a quorum; no write is taken");
        assertThat(lab.cluster().getStatus().conditions())
                .filteredOn(condition -> Set.of("QuorumHealthy", "Available").contains(condition.type()))
                .hasSize(2)
                .noneMatch(Condition::holds);
        for (String pod : List.of("demo-2", "demo-3"))
            lab.client().pods().inNamespace(Lab.NAMESPACE).withName(pod).delete();
        lab.await("Ready", "4 of 4 voters serve");
        assertThat(lab.cluster().getStatus().conditions())
                .filteredOn(condition -> Set.of("QuorumHealthy", "Available").contains(condition.type()))
                .hasSize(2)
                .allMatch(Condition::holds);
    }

    private List<String> warnings() {
        return lab.client().v1().events().inNamespace(Lab.NAMESPACE).list().getItems().stream()
                .filter(event -> event.getType().equals("Warning"))
                .map(Event::getMessage)
                .toList();
    }

    /** By an event, within a while: they are told before the status is written. */
    private void isTold(String type, String start) {
        await().untilAsserted(() -> assertThat(lab.client()
                        .v1()
                        .events()
                        .inNamespace(Lab.NAMESPACE)
                        .list()
                        .getItems())
                .anyMatch(event ->
                        event.getType().equals(type) && event.getMessage().startsWith(start)));
    }

    @Test
    void whatWouldCostTheQuorumIsNotDoneAndTheStatusSaysSo() {
        lab.create(Lab.spec(5, Map.of()));
        lab.awaitReady(5);
        lab.node().fall(2);
        lab.node().fall(3);
        await().untilAsserted(
                        () -> assertThat(lab.cluster().getStatus().ready()).isEqualTo("3/5"));
        lab.node().forgetDeeds();
        lab.scale(3);
        String why = "removing member 5 would leave fewer live voters than a quorum; waiting for 2, 3";
        ClusterStatus status = lab.await("Reconciling", why);
        assertThat(status.plan().step()).isEqualTo("wait");
        assertThat(status.plan().why()).isEqualTo(why);
        assertThat(status.plan().target()).isNull();
        assertThat(Instant.parse(status.plan().since())).isBeforeOrEqualTo(Instant.now());
        assertThat(status.ensemble().voters()).containsExactly(1, 2, 3, 4, 5);
        assertThat(lab.node().deeds()).isEmpty();
    }

    @Test
    void aPausedClusterIsOnlyLookedAt() {
        lab.create(new ClusterSpec(3, null, null, null, null, null, null, null, null, true));
        lab.await("Paused", "spec.paused is true");
        assertThat(lab.statefulSet().get()).isNull();
        assertThat(lab.cluster().getStatus().condition("Ready")).get().matches(ready -> !ready.holds());
    }

    /** Who waits for a condition would else wait for as long as people pause it. */
    @Test
    void aPausedClusterThatIsAsItWasAskedToBeStaysReady() {
        lab.create(Lab.spec(3, Map.of()));
        String since = readySince(lab.awaitReady(3));
        lab.pause(true);
        lab.await("Paused", "spec.paused is true");
        ClusterStatus paused = lab.await("Ready", "3 of 3 voters serve");
        assertThat(paused.conditions())
                .filteredOn(condition -> Set.of("Reconciling", "Stalled").contains(condition.type()))
                .hasSize(2)
                .noneMatch(Condition::holds);
        assertThat(readySince(paused)).isEqualTo(since);
        assertThat(paused.plan()).isNull();
        assertThat(warnings()).isEmpty();

        lab.node().fall(2);
        awaitNotReady();
        lab.client().pods().inNamespace(Lab.NAMESPACE).withName("demo-2").delete();
        lab.await("Ready", "3 of 3 voters serve");
        lab.respecify(spec -> new ClusterSpec(5, null, null, null, null, null, null, null, null, true));
        awaitNotReady();
        assertThat(lab.cluster().getStatus().plan().why()).isEqualTo("spec.paused is true; set it to false to go on");
        assertThat(lab.node().committed().voters()).containsExactly(1, 2, 3);
    }

    private static String readySince(ClusterStatus status) {
        return status.condition("Ready").orElseThrow().lastTransitionTime();
    }

    private void awaitNotReady() {
        await().untilAsserted(() -> {
            assertThat(lab.cluster().getStatus().condition("Ready")).get().matches(ready -> !ready.holds());
            assertThat(lab.cluster().getStatus().observedGeneration())
                    .isEqualTo(lab.cluster().getMetadata().getGeneration());
        });
    }

    @Test
    void aRollThatIsPausedGoesOnWhereItWas() {
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.node().forgetDeeds();
        lab.node().hold(2);
        lab.configure("tickTime", "1000");
        await().until(() -> lab.node().deeds().contains("stop 2"));
        lab.pause(true);
        lab.await("Paused", "spec.paused is true");
        lab.node().letGo(2);
        await().until(() -> lab.node().deeds().contains("start 2"));
        var service = lab.client().services().inNamespace(Lab.NAMESPACE).withName("demo-client");
        Map<String, String> right = service.get().getSpec().getSelector();
        Map<String, String> wrong = Map.of("app", "other");
        service.edit(edited -> {
            edited.getSpec().setSelector(wrong);
            return edited;
        });

        lab.letItLook();
        assertThat(lab.node().deeds()).containsExactly("stop 2", "start 2");
        assertThat(service.get().getSpec().getSelector()).isEqualTo(wrong);
        assertThat(lab.cluster().getStatus().condition("Ready")).get().matches(ready -> !ready.holds());
        lab.await("Upgrading", "2 members are to be restarted");

        lab.pause(false);
        lab.awaitReady(3);
        assertThat(lab.node().deeds()).contains("start 1", "start 2", "start 3");
        assertThat(service.get().getSpec().getSelector()).isEqualTo(right);
    }

    /** The operator is not to look again before the end of this test, but for that. */
    @Test
    void anAnnotationHasItLookAtOnce() {
        lab.close();
        lab = new Lab(new Pace(Duration.ofMillis(10), Duration.ofHours(1)));
        lab.create(Lab.spec(3, Map.of()));
        lab.awaitReady(3);
        lab.awaitQuiet();
        lab.node().forgetDeeds();
        lab.node().fall(2);
        lab.edit(cluster -> {
            cluster.getMetadata().setAnnotations(Map.of("paddock.dev/reconcile", "2026-01-01T00:00:00Z"));
            return cluster;
        });
        awaitNotReady();
        assertThat(lab.node().deeds()).as("nobody is restarted for it").containsExactly("stop 2");
    }
}
