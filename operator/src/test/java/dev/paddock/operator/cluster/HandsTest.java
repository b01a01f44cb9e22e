package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.paddock.client.Reconfiguration;
import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.MockApiServer;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.ensemble.Roster;
import dev.paddock.operator.migration.Presence;
import dev.paddock.operator.planner.Membership;
import dev.paddock.operator.planner.Role;
import dev.paddock.operator.planner.Step;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken away is taken only if the cluster is still what the step was decided on. */
final class HandsTest {
    private final MockApiServer api = new MockApiServer();
    private final List<Reconfiguration> changes = new ArrayList<>();
    private final CoordinationCluster cluster = cluster();

    @AfterEach
    void stop() {
        api.close();
    }

    private CoordinationCluster cluster() {
        CoordinationCluster made = new CoordinationCluster();
        made.getMetadata().setName("demo");
        made.getMetadata().setNamespace("prod");
        made.setSpec(spec(1));
        return api.user().resource(made).create();
    }

    private static ClusterSpec spec(int replicas) {
        return new ClusterSpec(replicas, 2, null, null, null, null, null, null, null, null);
    }

    private Hands hands() {
        return hands(api.client());
    }

    private Hands hands(KubernetesClient client) {
        var pods = new TreeMap<Integer, Pod>();
        for (int id = 1; id <= 4; id++) pods.put(id, pod(id));
        var observed = new Observation(
                pods,
                new TreeMap<>(Map.of(1, new Report(Role.LEADER, 1))),
                Optional.of(1L),
                Optional.empty(),
                Optional.empty());
        return new Hands(
                cluster,
                observed,
                Blueprint.of(cluster, Roster.of(List.of(1, 2, 3)).withPods(4), "", "0.1.0"),
                new Credentials("secret", "super:digest"),
                client,
                new Listening());
    }

    private Pod pod(int id) {
        return api.user()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("demo-" + id)
                        .withNamespace("prod")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .withNewStatus()
                        .withPodIP("10.0.0." + id)
                        .endStatus()
                        .build())
                .create();
    }

    static Stream<Step> taking() {
        return Stream.of(new Step.Restart(2), new Step.AddObserver(2), new Step.Remove(2), new Step.Listen(false));
    }

    @ParameterizedTest
    @MethodSource("taking")
    void anOldSpecTakesNothingAway(Step step) {
        Hands hands = hands();
        edit();
        assertThat(hands.carryOut(step)).contains("the spec changed meanwhile; looking again");
        assertThat(changes).isEmpty();
        assertThat(api.user().pods().inNamespace("prod").list().getItems()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("taking")
    void theSpecAsItIsIsCarriedOut(Step step) {
        assertThat(hands().carryOut(step)).isEmpty();
        boolean restarts = step instanceof Step.Restart;
        assertThat(changes).hasSize(restarts ? 0 : 1);
        assertThat(api.user().pods().inNamespace("prod").list().getItems()).hasSize(restarts ? 3 : 4);
    }

    @Test
    void anotherPodOfTheNameStays() {
        Hands hands = hands();
        api.user().pods().inNamespace("prod").withName("demo-2").delete();
        pod(2);
        assertThat(hands.carryOut(new Step.Restart(2))).contains("pod demo-2 changed meanwhile; looking again");
        assertThat(api.user().pods().inNamespace("prod").withName("demo-2").get())
                .isNotNull();
    }

    @Test
    void aPodThatIsNotAsItWasSeenStays() {
        Hands hands = hands();
        api.user()
                .pods()
                .inNamespace("prod")
                .withName("demo-2")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels("seen", "no")
                        .endMetadata()
                        .build());
        assertThat(hands.carryOut(new Step.Restart(2))).contains("pod demo-2 changed meanwhile; looking again");
        assertThat(api.user().pods().inNamespace("prod").withName("demo-2").get())
                .isNotNull();
    }

    /** So that the API server refuses where it has changed since it was read. */
    @Test
    void theDeletionNamesOneStateOfOnePod() {
        List<String> deletions = new ArrayList<>();
        var noting = new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (request.method().equals("DELETE"))
                    deletions.add(request.uri().getPath() + request.bodyString());
            }
        };
        try (KubernetesClient client = api.client(noting)) {
            Hands hands = hands(client);
            ObjectMeta pod = api.user()
                    .pods()
                    .inNamespace("prod")
                    .withName("demo-2")
                    .get()
                    .getMetadata();
            assertThat(hands.carryOut(new Step.Restart(2))).isEmpty();
            assertThat(deletions)
                    .singleElement()
                    .asString()
                    .startsWith("/api/v1/namespaces/prod/pods/demo-2")
                    .contains("\"preconditions\":{\"resourceVersion\":\"" + pod.getResourceVersion() + "\",\"uid\":\""
                            + pod.getUid() + "\"}");
        }
    }

    /** It changed, or went, after it was read. */
    @ParameterizedTest
    @ValueSource(ints = {404, 409})
    void whereTheApiServerFindsAnotherItIsLookedAtAgain(int code) {
        Hands hands = hands();
        api.refuseToDelete("/api/v1/namespaces/prod/pods/demo-2", code);
        assertThat(hands.carryOut(new Step.Restart(2))).contains("pod demo-2 changed meanwhile; looking again");
    }

    @Test
    void anyOtherRefusalIsNotTakenForAChange() {
        Hands hands = hands();
        api.refuseToDelete("/api/v1/namespaces/prod/pods/demo-2", 403);
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> hands.carryOut(new Step.Restart(2)));
    }

    @Test
    void anOldSpecStopsNoMember() {
        Hands hands = hands();
        assertThat(hands.roster(new Step.Stop(4)).pods()).isEqualTo(3);
        edit();
        assertThat(hands.roster(new Step.Stop(4)).pods()).isEqualTo(4);
    }

    /** Of pods 1 to 4 and members 1 to 3, by what a leader says whom a quorum follows. */
    @Test
    void podsOfMembersStayAndSoDoAllWhereNoQuorumSaysWhoIsOne() {
        assertThat(mayGo(3, Role.LEADER, Role.FOLLOWER)).isTrue();
        assertThat(mayGo(2, Role.LEADER, Role.FOLLOWER)).as("member 3").isFalse();
        assertThat(mayGo(3, Role.LEADER)).as("no quorum").isFalse();
        assertThat(mayGo(3, Role.FOLLOWER, Role.FOLLOWER)).as("no leader").isFalse();
        edit();
        assertThat(mayGo(3, Role.LEADER, Role.FOLLOWER)).as("another spec").isFalse();
    }

    @Test
    void allPodsMayGoWhereNoneIsWantedAndNoneWhereThatIsOver() {
        cluster.setSpec(spec(0));
        assertThat(mayGo(0)).as("only the cache says so").isFalse();
        api.user()
                .resources(CoordinationCluster.class)
                .inNamespace("prod")
                .withName("demo")
                .edit(now -> {
                    now.setSpec(spec(0));
                    return now;
                });
        assertThat(mayGo(0)).isTrue();
    }

    private boolean mayGo(int highest, Role... roles) {
        var reports = new TreeMap<Integer, Report>();
        for (Role role : roles) reports.put(reports.size() + 1, new Report(role, 1));
        var pods = new TreeMap<Integer, Pod>();
        for (int id = 1; id <= 4; id++) pods.put(id, MockApiServer.pod("prod", id, "new"));
        var observed = new Observation(pods, reports, Optional.of(1L), Optional.empty(), Optional.empty());
        return Hands.mayGo(highest, cluster, observed, api.client(), new Listening());
    }

    /** People want three again. */
    private void edit() {
        api.user().resource(cluster).edit(now -> {
            now.setSpec(spec(3));
            return now;
        });
    }

    /** Does whatever it is asked to. */
    private final class Listening implements Servers {
        @Override
        public Optional<Report> report(Place server) {
            return Optional.empty();
        }

        @Override
        public Optional<Membership> members(Place server) {
            return Optional.of(Membership.of(new TreeSet<>(List.of(1, 2, 3))));
        }

        @Override
        public boolean ring(Place server) {
            return true;
        }

        @Override
        public Presence presence(Place server) {
            return new Presence.NotServing();
        }

        @Override
        public Optional<String> reconfigure(List<Place> any, Reconfiguration change, String password) {
            changes.add(change);
            return Optional.empty();
        }

        @Override
        public Optional<String> handOver(String host, String password) {
            return Optional.empty();
        }
    }
}
