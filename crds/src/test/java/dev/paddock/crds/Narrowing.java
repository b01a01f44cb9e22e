package dev.paddock.crds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What a CustomResourceDefinition takes away from those who rely on an older one: an object that was valid and would be refused or
 * pruned, a column that is gone. Descriptions and messages may change.
 */
final class Narrowing {
    private static final List<String> AT_MOST = List.of("maximum", "maxLength", "maxItems", "maxProperties");
    private static final List<String> AT_LEAST = List.of("minimum", "minLength", "minItems", "minProperties");
    /** Not to be given, taken away or changed. */
    private static final List<String> FIXED = List.of(
            "type",
            "anyOf",
            "x-kubernetes-int-or-string",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-preserve-unknown-fields");
    /** May be taken away: nobody can say in general whether one of these allows all that another does. */
    private static final List<String> LIMITS = List.of("pattern", "format");
    /** May be given. */
    private static final List<String> KEPT = List.of("default", "nullable");
    /** How long a text may be that such a pattern allows. */
    private static final Map<String, Integer> LONGEST = Map.of(
            "^(Exists|Equal)$", 6,
            "^(NoSchedule|PreferNoSchedule|NoExecute)$", 16,
            "^[0-9a-fA-F.:]{2,39}/[0-9]{1,3}$", 43,
            "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$|^[.][A-Za-z0-9_-][A-Za-z0-9._-]{0,126}$", 128);
    /** What takes all that such a pattern takes. */
    private static final Map<String, String> SHORTER = Map.of(
            "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$|^[.][A-Za-z0-9_-][A-Za-z0-9._-]{0,126}$",
            "^[.]?[A-Za-z0-9_-][A-Za-z0-9._-]*$");
    /** A rule that says nothing of objects without one field. */
    private static final Pattern ABOUT_A_FIELD = Pattern.compile("^!has\\(self\\.(\\w+)\\) \\|\\| .*");

    private final List<String> found = new ArrayList<>();

    private Narrowing() {}

    /** Each in a line, with the field's path. */
    static List<String> between(JsonNode released, JsonNode now) {
        Narrowing narrowing = new Narrowing();
        narrowing.definition(released.get("spec"), now.get("spec"));
        return narrowing.found;
    }

    private void definition(JsonNode released, JsonNode now) {
        same("scope", released.get("scope"), now.get("scope"));
        released.path("names").properties().forEach(name -> {
            JsonNode other = now.path("names").path(name.getKey());
            if (name.getValue().isArray()) name.getValue().forEach(each -> kept("names", each, other));
            else same("names." + name.getKey(), name.getValue(), other);
        });
        for (JsonNode version : released.get("versions")) {
            String name = version.get("name").asText();
            Optional<JsonNode> other = named(name, now.get("versions"));
            if (other.isEmpty()) found.add("version " + name + " is gone");
            else version(name, version, other.get());
        }
    }

    private void version(String name, JsonNode released, JsonNode now) {
        same(name + " served", released.get("served"), now.get("served"));
        released.path("subresources")
                .properties()
                .forEach(each -> same(
                        name + " subresource " + each.getKey(),
                        each.getValue(),
                        now.path("subresources").get(each.getKey())));
        for (JsonNode column : released.path("additionalPrinterColumns")) {
            String title = column.get("name").asText();
            Optional<JsonNode> other = named(title, now.path("additionalPrinterColumns"));
            for (String key : List.of("jsonPath", "type"))
                same(
                        name + " column " + title,
                        column.get(key),
                        other.map(c -> c.get(key)).orElse(null));
        }
        schema(name, released.at("/schema/openAPIV3Schema"), now.at("/schema/openAPIV3Schema"));
    }

    private void schema(String path, JsonNode released, JsonNode now) {
        for (String key : FIXED) same(path + " " + key, released.get(key), now.get(key));
        for (String key : KEPT) if (released.has(key)) same(path + " " + key, released.get(key), now.get(key));
        for (String key : LIMITS) if (now.has(key)) same(path + " " + key, released.get(key), now.get(key));
        for (String key : AT_MOST) bound(path, key, released, now, true);
        for (String key : AT_LEAST) bound(path, key, released, now, false);
        if (now.has("enum")) {
            if (!released.has("enum")) found.add(path + ": enum is new");
            released.path("enum").forEach(value -> kept(path + " enum", value, now.get("enum")));
        }
        for (JsonNode field : now.path("required"))
            if (!contains(released.path("required"), field))
                found.add(path + ": " + field.asText() + " is required now");
        for (JsonNode rule : now.path("x-kubernetes-validations"))
            rule(path, rule.get("rule").asText(), released);
        released.path("properties")
                .properties()
                .forEach(field -> below(
                        path + "." + field.getKey(),
                        field.getValue(),
                        now.path("properties").get(field.getKey())));
        if (released.has("items")) below(path + "[]", released.get("items"), now.get("items"));
        if (released.has("additionalProperties"))
            below(path + "{}", released.get("additionalProperties"), now.get("additionalProperties"));
    }

    private void below(String path, JsonNode released, JsonNode now) {
        if (now == null) found.add(path + ": is gone");
        else schema(path, released, now);
    }

    private void bound(String path, String key, JsonNode released, JsonNode now, boolean atMost) {
        if (!now.has(key)) return;
        Integer longest = LONGEST.get(released.path("pattern").asText());
        if (key.equals("maxLength") && longest != null && now.get(key).asInt() >= longest) return;
        if (released.has(key)) {
            int order = now.get(key).decimalValue().compareTo(released.get(key).decimalValue());
            if (atMost ? order >= 0 : order <= 0) return;
        }
        same(path + " " + key, released.get(key), now.get(key));
    }

    /** A new one is only for objects with a field that is as new, or takes what the pattern took. */
    private void rule(String path, String rule, JsonNode released) {
        for (JsonNode old : released.path("x-kubernetes-validations"))
            if (old.get("rule").asText().equals(rule)) return;
        String pattern = released.path("pattern").asText();
        if (!pattern.isEmpty() && rule.equals("self.matches('" + SHORTER.getOrDefault(pattern, pattern) + "')")) return;
        Matcher about = ABOUT_A_FIELD.matcher(rule);
        boolean isOfNewField = about.matches() && !released.path("properties").has(about.group(1));
        if (!isOfNewField) found.add(path + ": the rule is new: " + rule);
    }

    private void same(String what, JsonNode released, JsonNode now) {
        if (!Objects.equals(released, now)) found.add(what + ": " + released + " became " + now);
    }

    private void kept(String what, JsonNode value, JsonNode now) {
        if (!contains(now, value)) found.add(what + ": " + value.asText() + " is gone");
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        return StreamSupport.stream(list.spliterator(), false).anyMatch(value::equals);
    }

    private static Optional<JsonNode> named(String name, JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(each -> each.get("name").asText().equals(name))
                .findFirst();
    }
}
