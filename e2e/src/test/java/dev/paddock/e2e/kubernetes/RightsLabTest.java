package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.operator.Permissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** That the operator uses each right which the chart gives it, and needs no other, by what a real API server was asked. */
@ExtendWith(LabExtension.class)
class RightsLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Whether the owner of a path is still there is asked where two objects want it: {@code ConfigReconcilerTest} sees that. */
    private static final Set<String> ELSEWHERE = Set.of("paddock.dev/coordinationconfigs get");

    /** JOSDK wants to have it, and patches: see {@link Permissions#LEASE}. */
    private static final String UNUSED = "coordination.k8s.io/leases update" + Requests.OWN;

    /** Who is alone is restarted only where that is asked for: nobody else serves. */
    private static final String CHANGE = """
            {
              "metadata": {"annotations": {"paddock.dev/restartedAt": "now"}},
              "spec": {"replicas": 1, "storage": {"size": "2Gi"}, "config": {"tickTime": "1000"}}
            }
            """;

    @TempDir
    Path scratch;

    @Test
    void everyRightOfTheChartIsUsedAndNoneIsMissing(Lab lab) throws Exception {
        Optional<Requests> requests = lab.requests();
        assumeThat(requests).as("where requests are written down").isPresent();
        Chart.install(lab);
        Instant start = Instant.now(); // before, a test may have taken rights from an operator that ran
        restartTheOperator(lab);
        try (PrometheusKinds _ = PrometheusKinds.in(lab);
                ClusterInLab cluster = new ClusterInLab(lab, "rights")) {
            aDay(cluster);
            loseTheCertificates(lab);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(unused(requests.orElseThrow())).containsExactly(UNUSED));
            assertThat(requests.orElseThrow().refusedSince(start)).isEmpty();
        }
    }

    private static void restartTheOperator(Lab lab) throws IOException, InterruptedException {
        String namespace = "--namespace=" + Chart.NAMESPACE;
        lab.kubectl("delete", "pods", "--selector=app.kubernetes.io/component=operator", namespace, "--timeout=170s");
        lab.kubectl("rollout", "status", "deployment/paddock-operator", namespace, "--timeout=170s");
    }

    /** The leader makes others. */
    private static void loseTheCertificates(Lab lab) throws IOException, InterruptedException {
        lab.kubectl(
                "patch",
                "secret/paddock-operator-webhook-certificates",
                "--namespace=" + Chart.NAMESPACE,
                "--type=merge",
                "--patch={\"data\":null}");
    }

    private static Set<String> unused(Requests requests) throws IOException {
        Set<String> rights = new TreeSet<>();
        Permissions.WATCHED.forEach(each -> rights.addAll(rights(each, "")));
        Permissions.LEASE.forEach(each -> rights.addAll(rights(each, Requests.OWN)));
        Permissions.WEBHOOK.forEach(
                each -> rights.addAll(rights(each, each.resource().equals("secrets") ? Requests.OWN : "")));
        rights.removeAll(requests.rights());
        rights.removeAll(ELSEWHERE);
        return rights;
    }

    private static List<String> rights(Permissions.Permission permission, String where) {
        String on = permission.group() + "/" + permission.resource() + " ";
        return permission.verbs().stream().map(verb -> on + verb + where).toList();
    }

    private void aDay(ClusterInLab cluster) throws Exception {
        cluster.create(3, scratch);
        cluster.kubectl("create", "configmap", "settings", "--from-literal=a=1");
        cluster.kubectl("create", "secret", "generic", "db", "--from-literal=b=2");
        cluster.apply(Files.writeString(scratch.resolve("config.yaml"), """
                apiVersion: paddock.dev/v1
                kind: CoordinationConfig
                metadata:
                  name: app
                spec: {clusterRef: {name: demo}, path: /app, from: [{configMap: settings}, {secret: db}]}
                """));
        cluster.awaitReady(3);
        cluster.kubectl("wait", "--for=condition=Ready", "ccfg/app", "--timeout=170s");
        cluster.kubectl("delete", "ccfg/app", "--timeout=170s");
        cluster.kubectl(
                "patch", "secret/demo-super", "--type=merge", "--patch={\"data\":{\"superDigest\":\"bm9ib2R5\"}}");
        cluster.kubectl("patch", "ccl/demo", "--type=merge", "--patch=" + CHANGE);
        cluster.awaitReady(1);
    }
}
