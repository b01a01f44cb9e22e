package dev.paddock.node.admin;

import java.util.regex.Pattern;

/** Keeps passwords in configurations and properties from being shown. */
final class Secrets {
    private static final String MASK = "***";
    private static final Pattern KEY =
            Pattern.compile("passw(or)?d|secret|digest|token|credential|jaas", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINE = Pattern.compile("(?m)^([^=\\n]*)=(.*)$");

    private Secrets() {}

    /** The value, or a mask if the key sounds like a secret. */
    static String masked(String key, String value) {
        return KEY.matcher(key).find() && !value.isEmpty() ? MASK : value;
    }

    /** The lines of a configuration, with the values of such keys masked. */
    static String maskedLines(String text) {
        return LINE.matcher(text)
                .replaceAll(m ->
                        java.util.regex.Matcher.quoteReplacement(m.group(1) + "=" + masked(m.group(1), m.group(2))));
    }
}
