package dev.paddock.node.members;

import java.util.List;
import java.util.Properties;

/** The syntax of {@link Properties}, read from a text without a stream: comments, escapes, lines that go on. */
final class PropertyText {
    private static final String BLANKS = " \t\f";

    private PropertyText() {}

    /**
     * What the text says; {@link Properties}, since Apache ZooKeeper goes through them in its order.
     *
     * @throws MalformedException at a {@code \}{@code u} without four hexadecimal digits
     */
    static Properties read(String text) {
        var properties = new Properties();
        List<String> lines = text.lines().toList();
        for (int at = 0; at < lines.size(); at++) {
            String line = unindented(lines.get(at));
            if (line.startsWith("#") || line.startsWith("!")) continue;
            while (goesOn(line)) {
                line = line.substring(0, line.length() - 1);
                if (line.isEmpty() || at + 1 == lines.size()) break;
                line += unindented(lines.get(++at));
            }
            if (!line.isEmpty()) entry(properties, line);
        }
        return properties;
    }

    private static void entry(Properties properties, String line) {
        int keyEnd = 0;
        while (keyEnd < line.length() && ("=:" + BLANKS).indexOf(line.charAt(keyEnd)) < 0) {
            keyEnd += line.charAt(keyEnd) == '\\' ? 2 : 1;
        }
        keyEnd = Math.min(keyEnd, line.length());
        String value = unindented(line.substring(keyEnd));
        if (value.startsWith("=") || value.startsWith(":")) value = unindented(value.substring(1));
        properties.setProperty(unescaped(line.substring(0, keyEnd)), unescaped(value));
    }

    private static String unindented(String line) {
        int from = 0;
        while (from < line.length() && BLANKS.indexOf(line.charAt(from)) >= 0) from++;
        return line.substring(from);
    }

    /** Whether an odd number of backslashes ends it. */
    private static boolean goesOn(String line) {
        int from = line.length();
        while (from > 0 && line.charAt(from - 1) == '\\') from--;
        return (line.length() - from) % 2 == 1;
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = text.charAt(++at); // never the last: a line that ends so went on
            if (escaped == 'u') {
                plain.append(unicode(text, at + 1));
                at += 4;
            } else {
                plain.append(
                        switch (escaped) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 'f' -> '\f';
                            default -> escaped;
                        });
            }
        }
        return plain.toString();
    }

    private static char unicode(String text, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < text.length() && text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) throw new MalformedException("a \\u needs four hexadecimal digits after it");
            value = value << 4 | digit;
        }
        return (char) value;
    }
}
