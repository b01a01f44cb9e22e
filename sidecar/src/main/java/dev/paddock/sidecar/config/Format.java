package dev.paddock.sidecar.config;

import dev.paddock.sidecar.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a subtree is written down. Keys are paths below the root, flat: {@code db/host}. Values that are no UTF-8 are written in
 * base64: in JSON and YAML as {@code {"base64": …}}, in env under the name with {@code _BASE64} behind it.
 */
enum Format {
    JSON("application/json") {
        @Override
        byte[] write(Values values) {
            return Json.bytes(tree(values));
        }
    },
    YAML("application/yaml") {
        @Override
        byte[] write(Values values) {
            var out = new StringBuilder();
            tree(values)
                    .forEach((key, value) -> out.append(yamlKey(key))
                            .append(": ")
                            .append(new String(Json.bytes(value), StandardCharsets.UTF_8)) // JSON is YAML
                            .append('\n'));
            if (out.isEmpty()) out.append("{}\n");
            return out.toString().getBytes(StandardCharsets.UTF_8);
        }
    },
    ENV("text/plain; charset=utf-8") {
        @Override
        byte[] write(Values values) {
            var names = new LinkedHashMap<String, String>();
            var out = new StringBuilder();
            values.values().forEach((path, value) -> {
                Optional<String> text = value.text();
                String name = envName(values.relative(path)) + (text.isPresent() ? "" : "_BASE64");
                String other = names.put(name, path);
                if (other != null) throw new Collision(other, path, name);
                out.append(name)
                        .append('=')
                        .append(shellWord(text.orElseGet(value::base64)))
                        .append('\n');
            });
            return out.toString().getBytes(StandardCharsets.UTF_8);
        }
    };

    /** Two keys have the same name in this format. */
    static final class Collision extends RuntimeException {
        private static final long serialVersionUID = 1;

        Collision(String first, String second, String name) {
            super(first + " and " + second + " are both " + name, null, false, false);
        }
    }

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_./:@%+,=-]*");

    private final String type;

    Format(String type) {
        this.type = type;
    }

    /** The media type. */
    String type() {
        return type;
    }

    /**
     * Writes it.
     *
     * @throws Collision if the format cannot tell two keys apart
     */
    abstract byte[] write(Values values);

    static Optional<Format> of(String name) {
        return switch (name) {
            case "json" -> Optional.of(JSON);
            case "yaml" -> Optional.of(YAML);
            case "env" -> Optional.of(ENV);
            default -> Optional.empty();
        };
    }

    /** Keys relative to the root, to text or {@code {"base64": …}}. */
    static Map<String, Object> tree(Values values) {
        var tree = new LinkedHashMap<String, Object>();
        values.values().forEach((path, value) -> {
            Optional<String> text = value.text();
            tree.put(values.relative(path), text.isPresent() ? text.get() : Map.of("base64", value.base64()));
        });
        return tree;
    }

    /** Bare only where no reader of YAML takes it for a truth value or for null. */
    private static String yamlKey(String key) {
        boolean word = key.length() < 6 && key.toLowerCase(Locale.ROOT).matches("y|n|yes|no|on|off|true|false|null");
        return PLAIN_KEY.matcher(key).matches() && !word ? key : new String(Json.bytes(key), StandardCharsets.UTF_8);
    }

    private static String envName(String key) {
        String name = key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
        return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }

    /** As a shell reads it back: nothing in a value can end the word. */
    private static String shellWord(String text) {
        return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
