package dev.paddock.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The schemas of our kinds, from the CRDs that were generated from the model, with the usual head of an object added:
 * what {@code kubectl apply} refuses is refused here, and no second schema is written.
 */
final class Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DNS_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

    private final Map<String, JsonNode> byKind = new LinkedHashMap<>();

    private Schemas() {}

    static Schemas load() {
        Schemas schemas = new Schemas();
        schemas.add(CoordinationCluster.KIND, "coordinationcluster.yaml");
        schemas.add(CoordinationConfig.KIND, "coordinationconfig.yaml");
        return schemas;
    }

    List<String> kinds() {
        return List.copyOf(byKind.keySet());
    }

    JsonNode of(String kind) {
        return byKind.get(kind);
    }

    private void add(String kind, String resource) {
        ObjectNode schema = (ObjectNode) parse(resource).at("/spec/versions/0/schema/openAPIV3Schema");
        schema.put("type", "object");
        schema.withArrayProperty("required").add("metadata");
        ObjectNode properties = JSON.createObjectNode();
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.set("metadata", metadata());
        properties.setAll((ObjectNode) schema.get("properties"));
        schema.set("properties", properties);
        byKind.put(kind, schema);
    }

    /** What people write there; the server's own fields come with {@code kubectl get -o yaml} and are let through. */
    private static ObjectNode metadata() {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        schema.putArray("required").add("name");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("name").put("type", "string").put("maxLength", 253).put("pattern", DNS_NAME);
        properties
                .putObject("namespace")
                .put("type", "string")
                .put("maxLength", 63)
                .put("pattern", DNS_NAME);
        for (String map : List.of("labels", "annotations")) {
            properties
                    .putObject(map)
                    .put("type", "object")
                    .putObject("additionalProperties")
                    .put("type", "string");
        }
        for (String free :
                List.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "finalizers")) {
            properties.putObject(free).put("x-kubernetes-preserve-unknown-fields", true);
        }
        return schema;
    }

    private static JsonNode parse(String resource) {
        try (InputStream yaml = Schemas.class.getResourceAsStream(resource)) {
            if (yaml == null) throw new IllegalStateException("not on the class path: " + resource);
            return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromInputStream(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
