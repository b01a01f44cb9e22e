package dev.paddock.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.crds.Manifests;
import dev.paddock.operator.MockApiServer;
import dev.paddock.operator.certificates.Issuer;
import dev.paddock.operator.ensemble.Roster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The Secrets of {@code tls.in.yaml} are exactly those of {@code secrets.yaml}, which shows the shape of what is random. After a wanted
 * change, write it anew with {@code -Dtest=OwnedSecretsTest -Dpaddock.golden.write=true} and read the diff.
 */
final class OwnedSecretsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("paddock.root"), "operator/src/test/resources/dev/paddock/operator/ensemble");
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----[^-]+-----END \\1-----");

    private MockApiServer api;
    private KubernetesClient kubernetes;
    private CoordinationCluster cluster;

    @BeforeEach
    void start() {
        api = new MockApiServer();
        kubernetes = api.client();
        Manifests.Reading reading = Manifests.read(List.of(GOLDEN.resolve("tls.in.yaml")));
        cluster = ((Manifests.Accepted) reading).manifests().clusters().getFirst();
        cluster.getMetadata().setUid("5c4f4a4e-0000-4000-8000-000000000001");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void secretsAreAsReviewed() throws Exception {
        kubernetes
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("demo-tls")
                        .withNamespace("prod")
                        .endMetadata()
                        .withData(new Issuer().secret("demo-client.prod.svc"))
                        .build())
                .create();
        Credentials credentials = Credentials.of(cluster, kubernetes);
        Certificates.of(cluster, kubernetes, Instant.now(), true);
        var nobody = new Observation(
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        MemberSecrets.of(cluster, Roster.formed(3), nobody, Optional.empty(), kubernetes, Instant.now());

        assertThat(credentials.superDigest()).isEqualTo("super:" + sha1("super:" + credentials.password()));
        assertThat(secret("demo-super").getData()).containsValues(encoded(credentials.password()));
        compare(Stream.of("demo-super", "demo-keys", "demo-authority", "demo-members")
                .map(name -> shown(secret(name)))
                .collect(Collectors.joining()));
    }

    private static void compare(String yaml) throws IOException {
        Path golden = GOLDEN.resolve("secrets.yaml");
        if (Boolean.getBoolean("paddock.golden.write")) Files.writeString(golden, yaml);
        assertThat(golden).hasContent(yaml);
    }

    private Secret secret(String name) {
        return kubernetes.secrets().inNamespace("prod").withName(name).get();
    }

    private static String shown(Secret secret) {
        Map<String, String> shapes = new TreeMap<>();
        secret.getData().forEach((key, value) -> shapes.put(key, shape(decoded(value))));
        return new KubernetesSerialization()
                .asYaml(new SecretBuilder(secret)
                        .editMetadata()
                        .withUid(null)
                        .withResourceVersion(null)
                        .withGeneration(null)
                        .withCreationTimestamp(null)
                        .endMetadata()
                        .withData(shapes)
                        .build());
    }

    /** What PEM blocks it is made of, or how many characters it has. */
    private static String shape(String text) {
        if (BLOCK.matcher(text).replaceAll("").isBlank())
            return BLOCK.matcher(text).results().map(block -> block.group(1)).collect(Collectors.joining(", "));
        return text.replaceAll("[A-Za-z0-9+/=_-]{20,}", "...") + " " + text.length();
    }

    private static String sha1(String text) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String decoded(String value) {
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
