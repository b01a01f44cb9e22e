package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.Engine;
import dev.paddock.operator.Faults.Mode;
import dev.paddock.operator.certificates.Issuer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator fails at its k-th change, for every k of each scenario, be it of an object or of the ensemble. It goes on, or is cut off
 * there and another one takes over; it gets there, and no promise is broken on the way.
 *
 * <p>One that is cut off before a change takes effect is one that was cut off after the change before.
 */
final class CrashMatrixTest {
    private static final int K_MAX = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What is never taken away or replaced. */
    private static final Set<String> NEVER = Set.of(
            "apps/statefulsets delete",
            "/persistentvolumeclaims delete",
            "/persistentvolumeclaims deletecollection",
            "/secrets delete",
            "/configmaps delete");

    /** In these nothing is refused: their changes are of the kinds that the others have. */
    private static final Set<String> ALIKE = Set.of(
            "change the engine",
            "close all ports but that of TLS",
            "let observers join",
            "let observers go",
            "hibernate",
            "wake",
            "heal");

    /** @param isThere as the operator says and as it is */
    record Scenario(String name, Consumer<Lab> given, Consumer<Lab> happens, Predicate<Lab> isThere) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Scenario> scenarios() throws Exception {
        Map<String, String> certificate = new Issuer().secret("demo-client.prod.svc");
        return List.of(
                new Scenario("create", lab -> {}, lab -> lab.create(Lab.spec(3, Map.of())), after("lead 1", 3, 0)),
                new Scenario("grow", made(1), lab -> lab.scale(3), after("promote 3", 3, 0)),
                new Scenario("shrink", made(3), lab -> lab.scale(1), after("stop 2", 1, 0)),
                new Scenario(
                        "shrink whose leader goes",
                        made(3).andThen(CrashMatrixTest::letTheSecondLead),
                        lab -> lab.scale(1),
                        after("stop 2", 1, 0).and(CrashMatrixTest::wasHandedOverBeforeItLeft)),
                new Scenario("roll", made(3), lab -> lab.configure("tickTime", "1000"), after("start 1", 3, 0)),
                new Scenario(
                        "change the engine",
                        made(3),
                        lab -> lab.runs(Engine.ZOOKEEPER, "3.9.5", Map.of()),
                        after("start 1", 3, 0)),
                new Scenario(
                        "close all ports but that of TLS",
                        made(3).andThen(lab -> lab.certify(certificate)),
                        Lab::closePlainPorts,
                        after("close 3", 3, 0)),
                new Scenario("let observers join", made(3), lab -> observe(lab, 2), after("observe 5", 3, 2)),
                new Scenario(
                        "let observers go",
                        made(3).andThen(lab -> observe(lab, 2)).andThen(until(after("observe 5", 3, 2))),
                        lab -> observe(lab, 0),
                        after("stop 4", 3, 0)),
                new Scenario("hibernate", made(3), lab -> lab.scale(0), after("stop 3", 0, 0)),
                new Scenario(
                        "wake",
                        made(3).andThen(lab -> lab.scale(0)).andThen(until(after("stop 3", 0, 0))),
                        lab -> lab.scale(3),
                        after("start 3", 3, 0)),
                new Scenario("heal", made(3), lab -> lab.node().loseVolume(3), after("promote 3", 3, 0)),
                new Scenario(
                        "let volumes grow",
                        made(3).andThen(lab -> lab.node().provide("8Gi")),
                        lab -> lab.store("16Gi"),
                        CrashMatrixTest::haveVolumesGrown),
                new Scenario(
                        "roll to an image that is missing", made(3), CrashMatrixTest::lose, CrashMatrixTest::isStuck),
                new Scenario(
                        "go back to the image before",
                        made(3).andThen(CrashMatrixTest::lose)
                                .andThen(lab -> await().atMost(PATIENCE).until(() -> isStuck(lab))),
                        lab -> lab.respecify(_ -> Lab.spec(3, Map.of())),
                        after("start 2", 3, 0).and(lab -> lab.node().deeds().equals(List.of("stop 2", "start 2")))));
    }

    /** An answer is lost where most is made: what a write is to make may be there already. */
    static Stream<Arguments> everyScenario() throws Exception {
        List<Scenario> scenarios = scenarios();
        return Stream.of(
                        scenarios.stream().map(each -> Arguments.of(each, Mode.CUT_OFF)),
                        scenarios.stream()
                                .filter(each -> !ALIKE.contains(each.name()))
                                .map(each -> Arguments.of(each, Mode.REFUSED)),
                        Stream.of(Arguments.of(scenarios.getFirst(), Mode.UNHEARD)))
                .flatMap(all -> all);
    }

    /** Those in which the StatefulSet gets fewer pods or another template, as an API server with server-side apply has it. */
    static Stream<Arguments> scenariosThatApply() throws Exception {
        Set<String> names = Set.of("shrink", "roll");
        return scenarios().stream()
                .filter(each -> names.contains(each.name()))
                .map(each -> Arguments.of(each, Mode.CUT_OFF));
    }

    private static Consumer<Lab> made(int replicas) {
        return lab -> {
            lab.create(Lab.spec(replicas, Map.of()));
            lab.awaitReady(replicas);
            lab.node().forgetDeeds();
        };
    }

    private static Consumer<Lab> until(Predicate<Lab> isThere) {
        return lab -> {
            await().atMost(PATIENCE).until(() -> isThere.test(lab));
            lab.node().forgetDeeds();
        };
    }

    private static void letTheSecondLead(Lab lab) {
        assertThat(lab.node().handOver("10.0.0.1", "")).isEmpty();
        assertThat(lab.node().leader()).isEqualTo(2);
        lab.node().forgetDeeds();
    }

    private static boolean wasHandedOverBeforeItLeft(Lab lab) {
        return lab.node().deeds().stream()
                .filter(Set.of("lead 1", "remove 2", "stop 2")::contains)
                .toList()
                .equals(List.of("lead 1", "remove 2", "stop 2"));
    }

    private static void observe(Lab lab, int observers) {
        lab.respecify(_ -> new ClusterSpec(3, observers, null, null, null, null, null, null, null, null));
    }

    private static void lose(Lab lab) {
        lab.respecify(_ -> new ClusterSpec(3, null, null, PretendedNode.MISSING, null, null, null, null, null, null));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("everyScenario")
    void itGetsThere(Scenario scenario, Mode mode) {
        assertGetsThere(scenario, mode, Lab::new, CrashMatrixTest::assertKept);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("scenariosThatApply")
    void itGetsThereByServerSideApply(Scenario scenario, Mode mode) {
        assertGetsThere(scenario, mode, Lab::applying, (lab, when) -> {
            assertKept(lab, when);
            assertThat(lab.api().asked())
                    .as(when)
                    .contains("apps/statefulsets patch")
                    .doesNotContain("apps/statefulsets update");
            assertThat(lab.applied().cuts()).as(when).noneMatch(cut -> cut.contains("unnamed"));
        });
    }

    private static void assertGetsThere(
            Scenario scenario, Mode mode, Supplier<Lab> made, BiConsumer<Lab, String> assertKept) {
        int k = 0;
        boolean fired;
        do {
            k++;
            try (Lab lab = made.get()) {
                String when = scenario + ", " + new Faults(k, mode);
                scenario.given().accept(lab);
                fired = fails(lab, k, mode, scenario);
                await(when).atMost(PATIENCE).until(() -> scenario.isThere().test(lab));
                assertKept.accept(lab, when);
            }
        } while (fired && k < K_MAX);
        assertThat(fired).as("%s has a change after %d", scenario, k).isFalse();
        assertThat(k).as("changes of %s", scenario).isGreaterThan(3);
    }

    /** False if it got there before its k-th change. */
    private static boolean fails(Lab lab, int k, Mode mode, Scenario scenario) {
        Faults faults = lab.failAt(k, mode);
        scenario.happens().accept(lab);
        await().atMost(PATIENCE)
                .until(() -> faults.fired() || scenario.isThere().test(lab));
        if (!faults.fired()) return false;
        if (mode.kills()) lab.restartOperator();
        return true;
    }

    private static void assertKept(Lab lab, String when) {
        assertThat(lab.node().broken()).as(when).isEmpty();
        assertThat(lab.api().asked()).as(when).doesNotContainAnyElementsOf(NEVER);
        assertThat(lab.statefulSets()).as(when).hasSize(1);
    }

    /** It is deleted while the operator makes it. Whatever was made by then, or is made still, Kubernetes deletes after its owner. */
    @ParameterizedTest
    @EnumSource(names = {"CUT_OFF", "REFUSED"})
    void whatAClusterLeavesThatIsDeletedMeanwhileIsItsOwn(Mode mode) {
        int k = 0;
        boolean fired;
        do {
            k++;
            try (Lab lab = new Lab()) {
                Faults faults = lab.failAt(k, mode);
                lab.create(Lab.spec(3, Map.of()));
                await().atMost(PATIENCE)
                        .until(() -> faults.fired() || after("lead 1", 3, 0).test(lab));
                fired = faults.fired();
                HasMetadata cluster = lab.cluster();
                lab.client().resource(cluster).delete();
                lab.stopOperator();
                List<HasMetadata> left = objects(lab.client());
                assertThat(left)
                        .as("%s", faults)
                        .hasSizeGreaterThan(fired ? -1 : 6)
                        .allMatch(object -> object.getMetadata().getOwnerReferences().stream()
                                .anyMatch(owner -> owner.getUid()
                                        .equals(cluster.getMetadata().getUid())));
            }
        } while (fired && k < K_MAX);
        assertThat(fired).as("there is a change after %d", k).isFalse();
        assertThat(k).isGreaterThan(3);
    }

    /** All that an operator makes in the namespace, but events. */
    private static List<HasMetadata> objects(KubernetesClient client) {
        var objects = new ArrayList<HasMetadata>();
        objects.addAll(
                client.serviceAccounts().inNamespace(Lab.NAMESPACE).list().getItems());
        objects.addAll(client.services().inNamespace(Lab.NAMESPACE).list().getItems());
        objects.addAll(client.configMaps().inNamespace(Lab.NAMESPACE).list().getItems());
        objects.addAll(client.secrets().inNamespace(Lab.NAMESPACE).list().getItems());
        objects.addAll(
                client.apps().statefulSets().inNamespace(Lab.NAMESPACE).list().getItems());
        objects.addAll(client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(Lab.NAMESPACE)
                .list()
                .getItems());
        objects.addAll(client.network()
                .v1()
                .networkPolicies()
                .inNamespace(Lab.NAMESPACE)
                .list()
                .getItems());
        return objects;
    }

    /**
     * All is as wanted, and the last thing that has to be done for that was.
     *
     * @param voters 0: all sleep, and nobody has left
     */
    private static Predicate<Lab> after(String last, int voters, int observers) {
        return lab -> lab.node().deeds().contains(last) && isReady(lab, voters, observers);
    }

    private static boolean isReady(Lab lab, int voters, int observers) {
        var cluster = lab.cluster();
        return cluster.getStatus() != null
                && cluster.getStatus()
                        .observedGeneration()
                        .equals(cluster.getMetadata().getGeneration())
                && cluster.getStatus().condition("Ready").filter(c -> c.holds()).isPresent()
                && cluster.getStatus().members().size() == voters + observers
                && (voters == 0
                        ? lab.node().leader() == 0
                        : lab.node().leader() != 0
                                && lab.node().committed().voters().size() == voters
                                && lab.node().committed().observers().size() == observers);
    }

    /** Those of the members, and nobody was restarted for it. The template is what it was: nobody can change that. */
    private static boolean haveVolumesGrown(Lab lab) {
        return lab.node().claimed().equals(List.of("16Gi", "16Gi", "16Gi", "8Gi"))
                && isReady(lab, 3, 0)
                && lab.node().deeds().isEmpty()
                && lab.statefulSet()
                        .get()
                        .getSpec()
                        .getVolumeClaimTemplates()
                        .getFirst()
                        .getSpec()
                        .getResources()
                        .getRequests()
                        .get("storage")
                        .toString()
                        .equals("8Gi");
    }

    /** One member is down, and the others wait for it. */
    private static boolean isStuck(Lab lab) {
        var status = lab.cluster().getStatus();
        return lab.node().deeds().equals(List.of("stop 2"))
                && status.plan() != null
                && status.plan().why().equals("member 2 is not serving yet");
    }
}
