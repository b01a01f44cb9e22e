package dev.paddock.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads one YAML document by a schema: gives its value as JSON, keeps the line of each field, and notes every problem
 * rather than only the first. Understands the part of OpenAPI that Kubernetes' structural schemas use and ours need. A
 * null stands for a field left out, as the API server has it.
 */
final class SchemaReader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** YAML 1.1 booleans that YAML 1.2 reads as text; kubectl reads 1.1. */
    private static final Pattern OLD_BOOLEAN = Pattern.compile("y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF");

    private static final int NODES_MAX = 100_000; // aliases can make a small file a huge tree

    private final Path file;
    private final List<Problem> problems;
    private final Map<String, Integer> lines = new HashMap<>();
    private int nodes;

    SchemaReader(Path file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The line of a field that was read, from 1; the nearest enclosing field's if it is not there itself. */
    int line(String field) {
        String at = field;
        while (!lines.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        return lines.getOrDefault(at, 0);
    }

    /** The value, or a missing node if it is not of the schema's type; then a problem was noted. */
    JsonNode read(String field, Node node, JsonNode schema) {
        lines.putIfAbsent(field, lineOf(node));
        if (++nodes > NODES_MAX) return refuse(field, node, "the file unfolds to more than " + NODES_MAX + " values");
        int before = problems.size();
        JsonNode value = typed(field, node, schema);
        if (problems.size() == before) checkRules(field, value, schema);
        return value;
    }

    /** Line of a YAML node, from 1. */
    static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private JsonNode typed(String field, Node node, JsonNode schema) {
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) return MissingNode.getInstance();
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return isInt(node) ? integer(field, node) : string(field, node, schema);
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(field, node, schema);
            case "array" -> array(field, node, schema);
            case "integer" -> integer(field, node);
            case "boolean" -> bool(field, node);
            case "string" -> string(field, node, schema);
            default -> throw new IllegalStateException("schema of " + field + " has type " + schema.path("type"));
        };
    }

    private JsonNode object(String field, Node node, JsonNode schema) {
        if (!(node instanceof MappingNode mapping)) {
            return refuse(field, node, "must be a mapping, lines of key: value, not " + shown(node));
        }
        ObjectNode object = JSON.objectNode();
        Map<String, Integer> seen = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            String key = keyOf(field, entry.getKeyNode());
            Integer first = seen.putIfAbsent(key, lineOf(entry.getKeyNode()));
            if (first == null) {
                readEntry(object, field, key, entry, schema);
            } else {
                refuse(child(field, key), entry.getKeyNode(), "given twice, first in line " + first);
            }
        }
        for (JsonNode required : schema.path("required")) {
            if (!object.has(required.asText()) && !wasRefused(child(field, required.asText()))) {
                refuse(child(field, required.asText()), node, "is missing");
            }
        }
        if (object.size() > schema.path("maxProperties").asInt(Integer.MAX_VALUE)) {
            refuse(field, node, "has " + object.size() + " keys; at most " + schema.path("maxProperties"));
        }
        return object;
    }

    private void readEntry(ObjectNode into, String field, String key, NodeTuple entry, JsonNode schema) {
        JsonNode properties = schema.path("properties");
        JsonNode free = schema.path("additionalProperties");
        JsonNode property = properties.has(key) ? properties.get(key) : free;
        String path = child(field, key);
        if (property.isMissingNode()) {
            refuse(path, entry.getKeyNode(), "unknown field" + Nearest.hint(key, names(properties)));
        } else if (!isNull(entry.getValueNode())) {
            lines.put(path, lineOf(entry.getKeyNode()));
            JsonNode value = read(path, entry.getValueNode(), property);
            if (!value.isMissingNode()) into.set(key, value);
        } else if (!free.isMissingNode()) {
            refuse(path, entry.getKeyNode(), "has no value; write \"\" for an empty one");
        }
    }

    private String keyOf(String field, Node key) {
        if (key instanceof ScalarNode scalar) return scalar.getValue();
        refuse(field, key, "a key must be plain text");
        return "";
    }

    private JsonNode array(String field, Node node, JsonNode schema) {
        if (!(node instanceof SequenceNode sequence)) {
            return refuse(field, node, "must be a list, not " + shown(node));
        }
        ArrayNode array = JSON.arrayNode();
        for (Node item : sequence.getValue()) {
            JsonNode value = read(field + "[" + array.size() + "]", item, schema.path("items"));
            array.add(value.isMissingNode() ? JSON.nullNode() : value);
        }
        return array;
    }

    private JsonNode integer(String field, Node node) {
        if (isInt(node) && node instanceof ScalarNode scalar) {
            try {
                return JSON.numberNode(Integer.decode(scalar.getValue().replace("0o", "0")));
            } catch (NumberFormatException _) {
                return refuse(field, node, scalar.getValue() + " is too large");
            }
        }
        boolean quotedNumber =
                node instanceof ScalarNode scalar && scalar.getValue().matches("-?[0-9]+");
        return refuse(
                field,
                node,
                quotedNumber
                        ? "must be a whole number; write it without quotes"
                        : "must be a whole number, not " + shown(node));
    }

    private JsonNode bool(String field, Node node) {
        if (node.getTag().equals(Tag.BOOL) && node instanceof ScalarNode scalar) {
            return JSON.booleanNode(Boolean.parseBoolean(scalar.getValue()));
        }
        return refuse(field, node, "must be true or false, not " + shown(node));
    }

    private JsonNode string(String field, Node node, JsonNode schema) {
        if (!(node instanceof ScalarNode scalar)) return refuse(field, node, "must be text, not " + shown(node));
        String text = scalar.getValue();
        boolean oldBoolean = scalar.isPlain() && OLD_BOOLEAN.matcher(text).matches();
        if (!node.getTag().equals(Tag.STR) || oldBoolean) {
            return refuse(field, node, "must be text; write it in quotes: \"" + text + "\"");
        }
        if (schema.has("enum")) {
            List<String> allowed = StreamSupport.stream(schema.get("enum").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
            if (!allowed.contains(text)) {
                return refuse(field, node, "must be " + String.join(" or ", allowed) + ", not " + shown(node));
            }
        }
        return bounded(field, node, text, schema);
    }

    private JsonNode bounded(String field, Node node, String text, JsonNode schema) {
        int length = text.codePointCount(0, text.length());
        if (length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
            return refuse(field, node, "has " + length + " characters; at most " + schema.get("maxLength"));
        }
        if (length < schema.path("minLength").asInt(0)) return refuse(field, node, "must not be empty");
        String pattern = schema.path("pattern").asText("");
        if (!Pattern.compile(pattern).matcher(text).find()) {
            return refuse(field, node, Rules.fix(pattern).orElseGet(() -> shown(node) + " does not match " + pattern));
        }
        return JSON.textNode(text);
    }

    private void checkRules(String field, JsonNode value, JsonNode schema) {
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            Rules.check(rule.get("rule").asText()).ifPresent(check -> {
                for (String offender : check.offenders(value)) {
                    String at = offender.isEmpty() ? field : child(field, offender);
                    problems.add(
                            new Problem(file, line(at), at, rule.get("message").asText()));
                }
            });
        }
    }

    private JsonNode refuse(String field, Node node, String message) {
        problems.add(new Problem(file, lineOf(node), field, message));
        return MissingNode.getInstance();
    }

    private boolean wasRefused(String field) {
        return problems.stream()
                .anyMatch(p -> p.file().equals(file) && p.field().startsWith(field));
    }

    /** {@code spec.replicas}; a key that holds more than a name goes in brackets: {@code spec.config[server.1]}. */
    static String child(String field, String key) {
        if (!key.matches("[A-Za-z0-9_-]+")) return field + "[" + key + "]";
        return field.isEmpty() ? key : field + "." + key;
    }

    private static boolean isInt(Node node) {
        return node.getTag().equals(Tag.INT);
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static Collection<String> names(JsonNode properties) {
        return properties.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static String shown(Node node) {
        return switch (node) {
            case ScalarNode scalar ->
                scalar.getTag().equals(Tag.NULL)
                        ? "nothing"
                        : "\"" + scalar.getValue().lines().findFirst().orElse("") + "\"";
            case SequenceNode _ -> "a list";
            default -> "a mapping";
        };
    }
}
