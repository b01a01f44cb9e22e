package dev.paddock.operator.cluster;

import dev.paddock.crds.CoordinationCluster;
import dev.paddock.operator.ensemble.Blueprint;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How the operator proves to the servers of one cluster that it may change their members: a password of its own making, in a Secret.
 * The servers know its digest only, as ZooKeeper's super user. Where the Secret is lost, another is made, and the servers
 * are restarted one by one to learn it.
 */
record Credentials(String password, String superDigest) {
    private static final String USER = "super";
    private static final String PASSWORD = "password";
    private static final String SUPER_DIGEST = "superDigest";
    private static final String ALGORITHM = "DigestAuthenticationProvider.digestAlg";
    private static final int PASSWORD_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Reads the cluster's Secret, and makes it if it is not there, or not of the digest that the spec asks for. */
    static Credentials of(CoordinationCluster cluster, KubernetesClient client) {
        String name = Blueprint.secretName(cluster.getMetadata().getName());
        String algorithm = cluster.getSpec().config().getOrDefault(ALGORITHM, "SHA1");
        Optional<Secret> existing = OwnedSecret.read(name, cluster, client);
        Optional<String> password = existing.map(OwnedSecret::data)
                .map(data -> data.get(PASSWORD))
                .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        Credentials credentials = of(password.orElseGet(Credentials::random), algorithm);
        if (existing.filter(credentials::isIn).isEmpty())
            OwnedSecret.write(name, credentials.data(), existing, cluster, client);
        return credentials;
    }

    /** What a client says, and what a server hashes. */
    static String proof(String password) {
        return USER + ":" + password;
    }

    /** Another word for other credentials; tells nothing about them. */
    String word() {
        return HexFormat.of().formatHex(hash(superDigest, "SHA-256"), 0, 8);
    }

    private static Credentials of(String password, String algorithm) {
        String digest = Base64.getEncoder().encodeToString(hash(proof(password), algorithm));
        return new Credentials(password, USER + ":" + digest);
    }

    private boolean isIn(Secret secret) {
        String digest = OwnedSecret.data(secret).getOrDefault(SUPER_DIGEST, "");
        return new String(Base64.getDecoder().decode(digest), StandardCharsets.UTF_8).equals(superDigest);
    }

    private Map<String, String> data() {
        return Map.of(PASSWORD, encoded(password), SUPER_DIGEST, encoded(superDigest));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** @throws IllegalArgumentException naming the key if no Java knows the algorithm */
    private static byte[] hash(String text, String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("spec.config: " + ALGORITHM + " " + algorithm + " is not known", e);
        }
    }
}
