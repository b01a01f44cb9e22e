package dev.paddock.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a schema cannot say. Each rule stands here twice, once in CEL for the API server and once in Java for
 * {@link Manifests}, which has none; a test runs both on the same values. The message says the fix. Rules on
 * {@code oldSelf} compare with the object that exists, so only the API server has them.
 */
final class Rules {
    static final String CLUSTER_NAME =
            "size(self.metadata.name) <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')";
    static final String CLUSTER_NAME_FIX =
            "name the cluster with at most 40 of a-z, 0-9 and '-', from a letter to a letter or digit:"
                    + " Services and pods are named after it";

    static final String REPLICAS = "self >= 0 && self <= 9";
    static final String REPLICAS_FIX =
            "replicas must be 1 to 9; 3 survives the loss of one member, 5 of two;" + " 0 stops all and keeps the data";

    static final String OBSERVERS = "self >= 0 && self <= 50";
    static final String OBSERVERS_FIX =
            "observers must be 0 to 50; more readers than these serve from the cache of their sidecars";

    static final String ENGINE_VERSION = "self.engine != 'ZooKeeper' || has(self.version)";
    static final String ENGINE_VERSION_FIX = "engine ZooKeeper needs a version, as version: 3.9.5";

    static final String TLS_ENGINE = "!has(self.tls) || !has(self.tls.client) || self.engine != 'ZooKeeper'";
    static final String TLS_ENGINE_FIX =
            "remove tls.client, or run engine Paddock: pods of ZooKeeper get no key files for it in this version";

    private static final String OF_TLS = "^(ssl[.](keyStore|trustStore)[.].*|ssl[.]clientAuth)$";
    static final String TLS_CONFIG = "!has(self.tls) || !has(self.tls.client) || !has(self.config)"
            + " || self.config.all(k, !k.matches('" + OF_TLS + "'))";
    static final String TLS_CONFIG_FIX =
            "remove ssl.keyStore, ssl.trustStore and ssl.clientAuth from config: tls.client says what is in them";

    private static final String RESERVED = "^((server|group|weight)[.][0-9]+|clientPort|clientPortAddress"
            + "|secureClientPort|secureClientPortAddress|dataDir|dataLogDir|dynamicConfigFile|admin[.]serverPort"
            + "|admin[.]serverAddress|admin[.]enableServer|admin[.]commandURL|standaloneEnabled|reconfigEnabled"
            + "|quorumListenOnAllIPs|DigestAuthenticationProvider[.]superDigest)$";
    static final String CONFIG_RESERVED = "self.all(k, !k.matches('" + RESERVED + "'))";
    static final String CONFIG_RESERVED_FIX = "remove this key: Paddock sets addresses, ports, folders and members"
            + " itself (server.N, clientPort, dataDir, dataLogDir, dynamicConfigFile, admin.serverPort and the like)";

    private static final String CONFIG_KEY = "^[A-Za-z0-9][A-Za-z0-9._-]*$";
    static final String CONFIG_KEYS = "self.all(k, k.matches('" + CONFIG_KEY + "'))";
    static final String CONFIG_KEYS_FIX = "write a zoo.cfg key with only letters, digits, '.', '_' and '-'";

    static final String CONFIG_VALUES = "self.all(k, !self[k].matches('[[:cntrl:]]') && !self[k].endsWith('\\\\'))";
    static final String CONFIG_VALUES_FIX = "write the value on one line, with no control character and no backslash at"
            + " its end: what follows would be read as another key or as part of this one";

    static final String STORAGE_SIZE = "quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0";
    static final String STORAGE_SIZE_FIX =
            "storage.size may only grow: volumes cannot be made smaller; set it back, or make"
                    + " a new cluster and move the data";
    static final String STORAGE_CLASS = "has(self.storageClassName) == has(oldSelf.storageClassName)"
            + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)";
    static final String STORAGE_CLASS_FIX = "storage.storageClassName is fixed once the cluster exists; set it back,"
            + " or make a new cluster and move the data";

    static final String SOURCE_RANGES = "!has(self.sourceRanges) || self.serviceType == 'LoadBalancer'";
    static final String SOURCE_RANGES_FIX = "sourceRanges are for serviceType LoadBalancer; remove them";

    static final String NODE_VALUES =
            "(self.operator == 'In' || self.operator == 'NotIn') == (has(self.values) && size(self.values) > 0)";
    static final String NODE_VALUES_FIX = "give values for operator In or NotIn, and none for Exists or DoesNotExist";

    private static final String SEGMENTS = "^(/[A-Za-z0-9._-]{1,128})+$";
    private static final String DOTS = "/[.][.]?(/|$)";
    private static final String RESERVED_PATHS = "^/(zookeeper|paddock)(/|$)";
    static final String PATH = "self.matches('" + SEGMENTS + "') && !self.matches('" + DOTS + "') && !self.matches('"
            + RESERVED_PATHS + "')";
    static final String PATH_FIX = "path must be like /app or /app/web: segments of letters, digits, '.', '_', '-';"
            + " no '.' or '..', no slash at the end, not at or below /zookeeper or /paddock";

    private static final String DATA_KEY = "^[A-Za-z0-9._-]{1,128}$";
    static final String DATA_KEYS = "self.all(k, k.matches('" + DATA_KEY + "') && k != '.' && k != '..')";
    static final String DATA_KEYS_FIX =
            "name a key with 1 to 128 letters, digits, '.', '_' or '-'; put deeper keys in path";

    static final String SOURCE = "has(self.configMap) != has(self.secret)";
    static final String SOURCE_FIX = "name either a configMap or a secret";

    /** What each pattern of the schemas wants, for people: the API server says only how the pattern goes. */
    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry(
                    Storage.SIZE,
                    "write a whole number and a unit, as 8Gi, with Ki, Mi, Gi, Ti, k, M, G or T; not 1.5Gi but 1536Mi"),
            Map.entry(
                    ClusterSpec.TAG,
                    "write the tag of an image, as 3.9.5: at most 128 letters, digits, '.', '_' and '-', not from '.' or"
                            + " '-' on; the name of a whole image goes in template.image"),
            Map.entry(
                    PodTemplate.IMAGE,
                    "write an image with its tag, as registry.example/zookeeper:3.9.5: at most 255 letters, digits and"
                            + " . _ : / @ -, from a small letter or a digit on"),
            Map.entry(
                    PodTemplate.CLASS,
                    "write the name of a PriorityClass: at most 253 small letters, digits, '-' and '.', from a letter or"
                            + " digit to a letter or digit"),
            Map.entry(PodTemplate.Toleration.OPERATOR, "write Exists or Equal, or leave it out for Equal"),
            Map.entry(
                    PodTemplate.Toleration.EFFECT,
                    "write NoSchedule, PreferNoSchedule or NoExecute, or leave it out for each of them"),
            Map.entry(
                    Listeners.Client.NETWORK,
                    "write a network with its length, as 10.0.0.0/8 or 2001:db8::/32; one address is 10.0.0.7/32"),
            Map.entry(
                    Monitoring.INTERVAL,
                    "write a whole number and a unit, as 30s, with ms, s, m or h; not 1m30s but 90s"),
            Map.entry(
                    KeySource.NAME,
                    "write the name of an object: small letters, digits, '-' and '.', from a letter or digit to a letter"
                            + " or digit"),
            Map.entry(
                    KeySource.KEY,
                    "name a key of the object: 1 to 128 letters, digits, '.', '_' and '-', neither '.' nor '..' nor with"
                            + " '..' in front"),
            Map.entry(
                    Resources.AMOUNT,
                    "write a number and a unit of Kubernetes, as 500m or 2 for cpu and 512Mi or 1Gi for memory"));

    private static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry(
                    CLUSTER_NAME,
                    value(self ->
                            isClusterName(self.path("metadata").path("name").asText()))),
            Map.entry(REPLICAS, value(self -> self.asLong() >= 0 && self.asLong() <= 9)),
            Map.entry(OBSERVERS, value(self -> self.asLong() >= 0 && self.asLong() <= 50)),
            Map.entry(ENGINE_VERSION, value(self -> !engine(self).equals("ZooKeeper") || self.has("version"))),
            Map.entry(
                    TLS_ENGINE,
                    value(self -> !hasClientTls(self) || !engine(self).equals("ZooKeeper"))),
            Map.entry(
                    TLS_CONFIG,
                    value(self ->
                            !hasClientTls(self) || keys(self.path("config")).noneMatch(key -> found(OF_TLS, key)))),
            Map.entry(CONFIG_RESERVED, each((key, value) -> !isReserved(key))),
            Map.entry(CONFIG_KEYS, each((key, value) -> found(CONFIG_KEY, key))),
            Map.entry(
                    CONFIG_VALUES,
                    each((key, value) -> !found("\\p{Cntrl}", value.asText())
                            && !value.asText().endsWith("\\"))),
            Map.entry(
                    SOURCE_RANGES,
                    value(self -> !self.has("sourceRanges")
                            || self.path("serviceType").asText().equals("LoadBalancer"))),
            Map.entry(
                    NODE_VALUES,
                    value(self -> self.path("operator").asText().endsWith("In")
                            == !self.path("values").isEmpty())),
            Map.entry(PATH, value(self -> isPath(self.asText()))),
            Map.entry(DATA_KEYS, each((key, value) -> isKey(key))),
            Map.entry(SOURCE, value(self -> self.has("configMap") != self.has("secret"))));

    private Rules() {}

    /** What a pattern wants, for people. */
    static Optional<String> fix(String pattern) {
        return Optional.ofNullable(PATTERNS.get(pattern));
    }

    /** A rule that takes what a pattern takes. Both stand in the schema: other tools read the pattern, and the rule has a message. */
    static String matches(String pattern) {
        return "self.matches('" + shortened(pattern) + "')";
    }

    /** The API server multiplies the length of an expression by that of all that it may have to look at, and has a bound. */
    private static String shortened(String pattern) {
        return pattern.equals(KeySource.KEY) ? KeySource.SHORT_KEY : pattern;
    }

    /** The patterns of which {@link #fix} knows. */
    static Set<String> patterns() {
        return PATTERNS.keySet();
    }

    /** A rule in Java. */
    @FunctionalInterface
    interface Check {
        /** The value's keys that break the rule; one empty string if it is the value as a whole; empty if none. */
        List<String> offenders(JsonNode self);
    }

    /** The Java form of a CEL rule; empty for those that need the object that exists. */
    static Optional<Check> check(String cel) {
        return Optional.ofNullable(CHECKS.get(cel))
                .or(() -> PATTERNS.keySet().stream()
                        .filter(pattern -> matches(pattern).equals(cel))
                        .findFirst()
                        .map(pattern -> value(self -> found(shortened(pattern), self.asText()))));
    }

    private static String engine(JsonNode spec) {
        return spec.path("engine").asText();
    }

    private static Stream<String> keys(JsonNode map) {
        return map.properties().stream().map(Map.Entry::getKey);
    }

    private static boolean hasClientTls(JsonNode spec) {
        return spec.path("tls").has("client");
    }

    private static boolean isClusterName(String name) {
        return name.length() <= 40 && found("^[a-z]([-a-z0-9]*[a-z0-9])?$", name);
    }

    static boolean isReserved(String key) {
        return found(RESERVED, key);
    }

    static boolean isPath(String path) {
        return found(SEGMENTS, path) && !found(DOTS, path) && !found(RESERVED_PATHS, path);
    }

    static boolean isKey(String key) {
        return found(DATA_KEY, key) && !key.equals(".") && !key.equals("..");
    }

    private static Check value(Predicate<JsonNode> rule) {
        return self -> rule.test(self) ? List.of() : List.of("");
    }

    private static Check each(BiPredicate<String, JsonNode> rule) {
        return self -> self.properties().stream()
                .filter(entry -> !rule.test(entry.getKey(), entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** As CEL's {@code matches}: RE2 syntax, unanchored; {@code $} is the very end of the text, as RE2 has it. */
    private static boolean found(String regex, String text) {
        return Pattern.compile(regex.replace("$", "\\z")).matcher(text).find();
    }
}
