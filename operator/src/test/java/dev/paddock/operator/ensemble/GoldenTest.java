package dev.paddock.operator.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.Manifests;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each {@code NAME.in.yaml} gives exactly the objects of {@code NAME.yaml}. After a wanted change, write them anew with
 * {@code -Dtest=GoldenTest -Dpaddock.golden.write=true} and read the diff.
 */
final class GoldenTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("paddock.root"), "operator/src/test/resources/dev/paddock/operator/ensemble");

    @ParameterizedTest
    @ValueSource(
            strings = {"three-members", "one-member", "zookeeper", "template", "tls", "surroundings", "hibernating"})
    void objectsAreAsReviewed(String name) throws IOException {
        String yaml = yaml(blueprint(GOLDEN.resolve(name + ".in.yaml")));
        Path golden = GOLDEN.resolve(name + ".yaml");
        if (Boolean.getBoolean("paddock.golden.write")) Files.writeString(golden, yaml);
        assertThat(golden).hasContent(yaml);
    }

    @ParameterizedTest
    @ValueSource(strings = {"three-members", "zookeeper"})
    void anotherRegistryChangesPaddocksImagesAndNothingElse(String name) throws IOException {
        Blueprint blueprint = blueprint(GOLDEN.resolve(name + ".in.yaml"));
        assertThat(yaml(blueprint.withNodeImage("registry.example/mirror/node")))
                .isNotEqualTo(yaml(blueprint))
                .isEqualTo(yaml(blueprint).replace("\"paddock/node:", "\"registry.example/mirror/node:"))
                .doesNotContain("\"paddock/node");
    }

    private static String yaml(Blueprint blueprint) {
        return objects(blueprint).stream()
                .map(new KubernetesSerialization()::asYaml)
                .collect(Collectors.joining());
    }

    private static List<? extends HasMetadata> objects(Blueprint blueprint) {
        Stream<HasMetadata> always = Stream.of(
                Ensemble.serviceAccount(blueprint),
                Ensemble.networkPolicy(blueprint),
                Ensemble.peerService(blueprint),
                Ensemble.clientService(blueprint),
                Ensemble.configMap(blueprint),
                Ensemble.statefulSet(blueprint, Optional.empty()),
                Monitoring.serviceMonitor(blueprint),
                Monitoring.prometheusRule(blueprint));
        Stream<HasMetadata> budget =
                Ensemble.canLoseOne(blueprint) ? Stream.of(Ensemble.disruptionBudget(blueprint)) : Stream.empty();
        return Stream.concat(always, budget).toList();
    }

    private static Blueprint blueprint(Path manifest) {
        Manifests.Reading reading = Manifests.read(List.of(manifest));
        assertThat(reading).isInstanceOf(Manifests.Accepted.class);
        CoordinationCluster cluster =
                ((Manifests.Accepted) reading).manifests().clusters().getFirst();
        cluster.getMetadata().setUid("5c4f4a4e-0000-4000-8000-000000000001");
        int replicas = cluster.getSpec().replicas();
        Roster roster = Roster.formed(replicas == 0 ? 3 : replicas); // who sleeps was formed before
        Blueprint plain = Blueprint.of(cluster, roster, "c0ffee", "1.2.3");
        return manifest.endsWith("one-member.in.yaml") ? plain : plain.withMemberKeys("decade"); // plain as made before
    }
}
