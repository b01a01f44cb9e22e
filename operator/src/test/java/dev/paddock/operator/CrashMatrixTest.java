package dev.paddock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.crds.ClusterSpec;
import dev.paddock.crds.Engine;
import dev.paddock.operator.certificates.Issuer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator is cut off after its k-th change, for every k of each scenario, be it of an object or of the ensemble; another one takes
 * over and gets there, and no promise is broken on the way.
 */
final class CrashMatrixTest {
    private static final int K_MAX = 200;

    static Stream<Arguments> scenarios() throws Exception {
        Map<String, String> certificate = new Issuer().secret("demo-client.prod.svc");
        return Stream.of(
                Arguments.of(
                        "create",
                        (Consumer<Lab>) lab -> {},
                        (Consumer<Lab>) lab -> lab.create(Lab.spec(3, Map.of())),
                        "lead 1",
                        3,
                        0),
                Arguments.of("grow", made(1), (Consumer<Lab>) lab -> lab.scale(3), "promote 3", 3, 0),
                Arguments.of("shrink", made(3), (Consumer<Lab>) lab -> lab.scale(1), "stop 2", 1, 0),
                Arguments.of(
                        "roll", made(3), (Consumer<Lab>) lab -> lab.configure("tickTime", "1000"), "start 1", 3, 0),
                Arguments.of(
                        "change the engine",
                        made(3),
                        (Consumer<Lab>) lab -> lab.runs(Engine.ZOOKEEPER, "3.9.5", Map.of()),
                        "start 1",
                        3,
                        0),
                Arguments.of(
                        "close all ports but that of TLS",
                        made(3).andThen(lab -> lab.certify(certificate)),
                        (Consumer<Lab>) Lab::closePlainPorts,
                        "close 3",
                        3,
                        0),
                Arguments.of("let observers join", made(3), (Consumer<Lab>) lab -> observe(lab, 2), "observe 5", 3, 2),
                Arguments.of(
                        "let observers go",
                        made(3).andThen(CrashMatrixTest::letTwoObserve),
                        (Consumer<Lab>) lab -> observe(lab, 0),
                        "stop 4",
                        3,
                        0),
                Arguments.of("hibernate", made(3), (Consumer<Lab>) lab -> lab.scale(0), "stop 3", 0, 0),
                Arguments.of(
                        "wake",
                        made(3).andThen(CrashMatrixTest::letAllSleep),
                        (Consumer<Lab>) lab -> lab.scale(3),
                        "start 3",
                        3,
                        0),
                Arguments.of("heal", made(3), (Consumer<Lab>) lab -> lab.node().loseVolume(3), "promote 3", 3, 0));
    }

    private static Consumer<Lab> made(int replicas) {
        return lab -> {
            lab.create(Lab.spec(replicas, Map.of()));
            lab.awaitReady(replicas);
            lab.node().forgetDeeds();
        };
    }

    private static void observe(Lab lab, int observers) {
        lab.respecify(_ -> new ClusterSpec(3, observers, null, null, null, null, null, null, null, null));
    }

    private static void letTwoObserve(Lab lab) {
        observe(lab, 2);
        awaitAll(lab, "observe 5", 3, 2);
        lab.node().forgetDeeds();
    }

    private static void letAllSleep(Lab lab) {
        lab.scale(0);
        awaitAll(lab, "stop 3", 0, 0);
        lab.node().forgetDeeds();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void anotherOperatorGoesOn(
            String name, Consumer<Lab> given, Consumer<Lab> happens, String last, int voters, int observers)
            throws Exception {
        int k = 0;
        boolean fired;
        do {
            k++;
            try (Lab lab = new Lab()) {
                given.accept(lab);
                fired = cutOff(lab, k, happens, last, voters, observers);
                awaitAll(lab, last, voters, observers);
                assertThat(lab.node().broken())
                        .as("%s, cut off after change %d", name, k)
                        .isEmpty();
            }
        } while (fired && k < K_MAX);
        assertThat(fired).as("%s has a change after %d", name, k).isFalse();
        assertThat(k).as("changes of %s", name).isGreaterThan(3);
    }

    /** False if it got there before its k-th change. */
    private static boolean cutOff(Lab lab, int k, Consumer<Lab> happens, String last, int voters, int observers) {
        Faults faults = lab.failAfter(k);
        happens.accept(lab);
        await().atMost(Duration.ofSeconds(60)).until(() -> faults.fired() || isThere(lab, last, voters, observers));
        if (!faults.fired()) return false;
        lab.restartOperator();
        return true;
    }

    private static void awaitAll(Lab lab, String last, int voters, int observers) {
        await().atMost(Duration.ofSeconds(60)).until(() -> isThere(lab, last, voters, observers));
    }

    /**
     * As the operator says and as it is.
     *
     * @param voters 0: all sleep, and nobody has left
     */
    private static boolean isThere(Lab lab, String last, int voters, int observers) {
        var cluster = lab.cluster();
        return lab.node().deeds().contains(last)
                && cluster.getStatus() != null
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
}
