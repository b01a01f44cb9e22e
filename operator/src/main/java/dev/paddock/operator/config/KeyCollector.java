package dev.paddock.operator.config;

import dev.paddock.crds.ConfigSpec;
import dev.paddock.crds.CoordinationConfig;
import dev.paddock.crds.KeySource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the keys of a {@code CoordinationConfig} from its spec and from the objects that the spec names. */
final class KeyCollector {
    /** As the schema has it for the inline keys; a transaction has its own bound in bytes. */
    private static final int KEYS_MAX = 1000;

    private KeyCollector() {}

    /** What was found. */
    sealed interface Collected {}

    /** All keys. */
    record Keys(SortedMap<String, byte[]> values) implements Collected {
        /** Of names and values; lengths keep two different sets apart. */
        String hash() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                values.forEach((key, value) -> {
                    digest.update((key.length() + ":" + key + value.length + ":").getBytes(StandardCharsets.UTF_8));
                    digest.update(value);
                });
                return "sha256:" + HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** Something is not there, or cannot be a key; nothing may be written. */
    record Incomplete(String why) implements Collected {}

    /** Reads afresh, not from a cache. */
    static Collected collect(CoordinationConfig config, KubernetesClient client) {
        SortedMap<String, byte[]> values = new TreeMap<>();
        for (KeySource source : config.getSpec().from()) {
            Optional<Map<String, byte[]>> held =
                    read(source, config.getMetadata().getNamespace(), client);
            if (held.isEmpty()) return new Incomplete("there is no " + source + " in this namespace");
            for (String key : source.keys().isEmpty() ? held.get().keySet() : source.keys()) {
                byte[] value = held.get().get(key);
                if (value == null) return new Incomplete(source + " has no key " + key);
                if (!ConfigSpec.isKey(key)) return new Incomplete(source + ": " + key + " cannot be a key here");
                values.put(key, value);
            }
        }
        config.getSpec().data().forEach((key, value) -> values.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return values.size() <= KEYS_MAX
                ? new Keys(values)
                : new Incomplete(values.size() + " keys are too many, at most " + KEYS_MAX);
    }

    private static Optional<Map<String, byte[]>> read(KeySource source, String namespace, KubernetesClient client) {
        if (source.asConfigMap().isPresent()) {
            ConfigMap map = client.configMaps()
                    .inNamespace(namespace)
                    .withName(source.asConfigMap().get())
                    .get();
            return Optional.ofNullable(map).map(KeyCollector::held);
        }
        Secret secret = client.secrets()
                .inNamespace(namespace)
                .withName(source.asSecret().orElseThrow())
                .get();
        return Optional.ofNullable(secret).map(found -> decoded(found.getData()));
    }

    private static Map<String, byte[]> held(ConfigMap map) {
        Map<String, byte[]> values = new TreeMap<>(decoded(map.getBinaryData()));
        if (map.getData() != null)
            map.getData().forEach((key, value) -> values.put(key, value.getBytes(StandardCharsets.UTF_8)));
        return values;
    }

    private static Map<String, byte[]> decoded(Map<String, String> base64) {
        Map<String, byte[]> values = new TreeMap<>();
        if (base64 != null)
            base64.forEach(
                    (key, value) -> values.put(key, Base64.getMimeDecoder().decode(value)));
        return values;
    }

    /** The sources as watches know them. */
    static List<SourceWatches.Source> sources(CoordinationConfig config) {
        String namespace = config.getMetadata().getNamespace();
        return config.getSpec().from().stream()
                .map(source -> source.asConfigMap()
                        .map(name -> new SourceWatches.Source(SourceWatches.Kind.CONFIG_MAP, namespace, name))
                        .orElseGet(() -> new SourceWatches.Source(
                                SourceWatches.Kind.SECRET,
                                namespace,
                                source.asSecret().orElseThrow())))
                .distinct()
                .toList();
    }
}
