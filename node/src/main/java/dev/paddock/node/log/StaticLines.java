package dev.paddock.node.log;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The logical lines of a {@code zoo.cfg}, as they stand in it, comments and all. */
final class StaticLines {
    private static final String DYNAMIC_FILE = "dynamicConfigFile";
    private static final Set<String> CLIENT_PORT = Set.of("clientPort", "clientPortAddress");

    private record Line(String text, Optional<String> key) {}

    private final List<Line> lines = new ArrayList<>();

    StaticLines(String text) {
        var logical = new StringBuilder();
        for (String natural : text.splitWithDelimiters("\n", 0)) {
            logical.append(natural);
            if (natural.equals("\n") && !goesOn(logical)) add(logical);
        }
        if (!logical.isEmpty()) add(logical);
    }

    private void add(StringBuilder logical) {
        lines.add(new Line(logical.toString(), key(logical.toString())));
        logical.setLength(0);
    }

    boolean has(String key) {
        return lines.stream().anyMatch(line -> line.key.equals(Optional.of(key)));
    }

    /** All lines but those about members, with one at the end that names the file they are in. */
    String withDynamicFile(String path, boolean withoutClientPort) {
        var text = new StringBuilder();
        for (Line line : lines) {
            if (!line.key
                    .map(key -> isAboutMembers(key) || (withoutClientPort && CLIENT_PORT.contains(key)))
                    .orElse(false)) {
                text.append(line.text);
            }
        }
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') text.append('\n');
        return text.append(DYNAMIC_FILE + "=")
                .append(escaped(path))
                .append('\n')
                .toString();
    }

    private static boolean isAboutMembers(String key) {
        return key.startsWith("server.")
                || key.startsWith("group")
                || key.startsWith("weight")
                || key.equals(DYNAMIC_FILE)
                || key.equals("peerType")
                || key.equals("version");
    }

    /** Whether it is an entry that an odd number of backslashes ends. */
    private static boolean goesOn(StringBuilder logical) {
        String text = logical.toString().strip();
        if (text.startsWith("#") || text.startsWith("!")) return false;
        int from = text.length();
        while (from > 0 && text.charAt(from - 1) == '\\') from--;
        return (text.length() - from) % 2 == 1;
    }

    private static Optional<String> key(String logical) {
        var one = new Properties();
        try {
            one.load(new StringReader(logical));
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be read", e);
        }
        return one.stringPropertyNames().stream().findFirst().map(String::trim);
    }

    private static String escaped(String path) {
        var text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\') text.append("\\\\");
            else if (c > '~') text.append("\\u").append("%04x".formatted((int) c));
            else text.append(c);
        }
        return text.toString();
    }
}
