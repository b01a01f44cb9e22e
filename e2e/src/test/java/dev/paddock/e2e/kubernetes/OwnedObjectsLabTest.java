package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who owns the objects of a cluster, and what becomes of what people do to them. */
@ExtendWith(LabExtension.class)
class OwnedObjectsLabTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path scratch;

    /**
     * An object.
     *
     * @param field of it that people spoil
     * @param mistake as a merge patch
     */
    private record Owned(String object, String field, String mistake) {}

    private static final List<Owned> OWNED = List.of(
            new Owned(
                    "statefulset/demo",
                    ".spec.updateStrategy.type",
                    "{'spec':{'updateStrategy':{'type':'RollingUpdate'}}}"),
            new Owned(
                    "service/demo-client",
                    ".spec.selector",
                    "{'spec':{'selector':{'app.kubernetes.io/instance':'other'}}}"),
            new Owned(
                    "service/demo-peers",
                    ".spec.publishNotReadyAddresses",
                    "{'spec':{'publishNotReadyAddresses':false}}"),
            new Owned(
                    "configmap/demo-config",
                    ".data",
                    "{'data':{'members':'server.1=elsewhere\\nversion=ffffffffff\\n'}}"),
            new Owned("poddisruptionbudget/demo", ".spec.maxUnavailable", "{'spec':{'maxUnavailable':3}}"),
            new Owned("networkpolicy/demo", ".spec.ingress", "{'spec':{'ingress':[{}]}}"),
            new Owned("serviceaccount/demo", ".automountServiceAccountToken", "{'automountServiceAccountToken':true}"));

    /** Of Prometheus' kinds, which the operator does not watch: it says once a minute how they have to be. */
    private static final Owned SCRAPED =
            new Owned("servicemonitor/demo", ".spec.endpoints[*].port", "{'spec':{'endpoints':[{'port':'client'}]}}");

    private static final Owned ALERTED = new Owned("prometheusrule/demo", ".spec.groups[*].name", "{}");

    /** Secrets, which are written and not applied; none of these mistakes may cost members their keys or their password. */
    private static final List<Owned> SECRETS = List.of(
            new Owned("secret/demo-super", ".data", "{'data':{'superDigest':'bm9ib2R5'}}"),
            new Owned("secret/demo-authority", ".data", "{'data':{'former.pem':'bm9ib2R5'}}"),
            new Owned("secret/demo-members", ".data.ca\\.pem", "{'data':{'ca.pem':'bm9ib2R5'}}"));

    @BeforeEach
    void install(Lab lab) throws Exception {
        Chart.install(lab);
    }

    @Test
    void oneManagerAppliesThemAndSetsRightWhatPeopleDo(Lab lab) throws Exception {
        try (PrometheusKinds _ = PrometheusKinds.in(lab);
                ClusterInLab cluster = new ClusterInLab(lab, "owned")) {
            cluster.create(3, scratch);
            cluster.awaitReady(3);
            List<String> pods = uids(cluster);
            for (Owned told : List.of(SCRAPED, ALERTED)) awaitApplied(cluster, told);
            String scraped = spoilt(cluster, SCRAPED);
            String alerted = read(cluster, ALERTED.object(), ALERTED.field());
            cluster.kubectl("delete", ALERTED.object());
            Map<Owned, String> secrets = spoiltAll(cluster, SECRETS);
            for (Owned owned : OWNED) {
                awaitApplied(cluster, owned);
                String right = spoilt(cluster, owned);
                awaitRight(cluster, owned, right);
                deleted(cluster, owned);
                awaitRight(cluster, owned, right);
            }
            for (var each : secrets.entrySet()) awaitRight(cluster, each.getKey(), each.getValue());
            Owned members = SECRETS.getLast();
            deleted(cluster, members);
            awaitRight(cluster, members, secrets.getOrDefault(members, ""));

            awaitRight(cluster, SCRAPED, scraped);
            awaitRight(cluster, ALERTED, alerted);
            cluster.awaitReady(3);
            assertThat(uids(cluster)).as("nobody was restarted").isEqualTo(pods);
        }
    }

    /** By object, what was right. */
    private static Map<Owned, String> spoiltAll(ClusterInLab cluster, List<Owned> all) throws Exception {
        Map<Owned, String> right = new LinkedHashMap<>();
        for (Owned owned : all) right.put(owned, spoilt(cluster, owned));
        return right;
    }

    /** What was right. */
    private static String spoilt(ClusterInLab cluster, Owned owned) throws Exception {
        String right = await().atMost(PATIENCE)
                .ignoreException(IOException.class)
                .until(() -> read(cluster, owned.object(), owned.field()), text -> !text.isEmpty());
        String changed = cluster.kubectl(
                "patch",
                owned.object(),
                "--type=merge",
                "--patch=" + owned.mistake().replace('\'', '"'));
        assertThat(changed).endsWith(" patched");
        return right;
    }

    private static void deleted(ClusterInLab cluster, Owned owned) throws Exception {
        String uid = read(cluster, owned.object(), ".metadata.uid");
        cluster.kubectl("delete", owned.object(), "--cascade=orphan", "--wait=false");
        await().atMost(PATIENCE)
                .ignoreException(IOException.class)
                .until(() -> !read(cluster, owned.object(), ".metadata.uid").equals(uid));
    }

    private static void awaitRight(ClusterInLab cluster, Owned owned, String right) {
        await().atMost(PATIENCE)
                .ignoreException(IOException.class)
                .untilAsserted(() ->
                        assertThat(read(cluster, owned.object(), owned.field())).isEqualTo(right));
    }

    private static void awaitApplied(ClusterInLab cluster, Owned owned) {
        await().atMost(PATIENCE)
                .ignoreException(IOException.class)
                .untilAsserted(() ->
                        assertThat(managers(cluster, owned)).as(owned.object()).containsExactly("paddock Apply"));
    }

    /** Who set what people may set; what controllers say of it is left out. */
    private static List<String> managers(ClusterInLab cluster, Owned owned) throws Exception {
        String all = cluster.kubectl(
                "get",
                owned.object(),
                "--show-managed-fields",
                "--output=jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{'\\n'}{end}");
        return all.lines()
                .filter(line -> !line.endsWith(" status"))
                .map(String::strip)
                .toList();
    }

    private static String read(ClusterInLab cluster, String object, String field) throws Exception {
        return cluster.kubectl("get", object, "--output=jsonpath={" + field + "}");
    }

    private static List<String> uids(ClusterInLab cluster) {
        return cluster.pods().stream()
                .map(pod -> pod.getMetadata().getUid())
                .sorted()
                .toList();
    }
}
