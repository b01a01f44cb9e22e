package dev.paddock.node.members;

import java.util.Optional;

/**
 * Literal IP addresses in the one form in which Java, and so Apache ZooKeeper, prints them: {@code ::1} is
 * {@code 0:0:0:0:0:0:0:1}, {@code 127.1} is {@code 127.0.0.1}. Names, and addresses with a scope, stay as they are.
 */
final class Literals {
    private static final int V4_LENGTH_MAX = 15;
    private static final int V6_GROUPS = 8;
    private static final String V4_IN_V6 = "0:0:0:0:0:ffff:";

    private Literals() {}

    static String canonical(String host) {
        Optional<String> literal = host.indexOf(':') >= 0 ? v6(host) : v4(host);
        return literal.orElse(host);
    }

    /** Whether only processes of the same machine reach it, or it names every interface. */
    static boolean isLoopbackOrWildcard(String canonical) {
        return canonical.equalsIgnoreCase("localhost")
                || canonical.equals("0.0.0.0")
                || canonical.equals("0:0:0:0:0:0:0:0")
                || canonical.equals("0:0:0:0:0:0:0:1")
                || (canonical.startsWith("127.") && v4(canonical).isPresent());
    }

    /** One to four decimal numbers, of which the last fills what the others leave. */
    private static Optional<String> v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4 || text.length() > V4_LENGTH_MAX) return Optional.empty();
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean isLast = i == parts.length - 1;
            int bits = isLast ? 8 * (4 - i) : 8;
            if (parts[i].isEmpty() || !parts[i].chars().allMatch(c -> c >= '0' && c <= '9')) return Optional.empty();
            long part = Long.parseLong(parts[i]);
            if (part >> bits != 0) return Optional.empty();
            address = address << bits | part;
        }
        return Optional.of(dotted((int) (address >> 16), (int) (address & 0xffff)));
    }

    private static Optional<String> v6(String text) {
        int gap = text.indexOf("::");
        if (gap != text.lastIndexOf("::")) return Optional.empty();
        if (gap < 0) return groups(text, V6_GROUPS, true).flatMap(Literals::inV6);
        Optional<String> before = groups(text.substring(0, gap), 0, false);
        Optional<String> after = groups(text.substring(gap + 2), 0, true);
        if (before.isEmpty() || after.isEmpty()) return Optional.empty();
        int missing = V6_GROUPS - count(before.get()) - count(after.get());
        if (missing < 1) return Optional.empty();
        return inV6(before.get() + "0:".repeat(missing) + after.get());
    }

    private static int count(String groups) {
        return (int) groups.chars().filter(c -> c == ':').count();
    }

    private static Optional<String> inV6(String groups) {
        String address = groups.substring(0, groups.length() - 1);
        if (!address.startsWith(V4_IN_V6)) return Optional.of(address);
        String[] halves = address.substring(V4_IN_V6.length()).split(":", -1);
        int high = Integer.parseInt(halves[0], 16);
        int low = Integer.parseInt(halves[1], 16);
        return Optional.of(dotted(high, low));
    }

    private static String dotted(int high, int low) {
        return (high >> 8) + "." + (high & 255) + "." + (low >> 8) + "." + (low & 255);
    }

    /** Each group in its shortest form, with a colon after it. */
    private static Optional<String> groups(String text, int wanted, boolean mayEndInV4) {
        if (text.isEmpty()) return Optional.of("");
        var groups = new StringBuilder();
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            Optional<String> group = group(parts[i], mayEndInV4 && i == parts.length - 1);
            if (group.isEmpty()) return Optional.empty();
            groups.append(group.get());
        }
        return wanted > 0 && count(groups.toString()) != wanted ? Optional.empty() : Optional.of(groups.toString());
    }

    private static Optional<String> group(String text, boolean mayBeV4) {
        if (text.indexOf('.') >= 0) {
            if (!mayBeV4 || text.chars().filter(c -> c == '.').count() != 3) return Optional.empty();
            return v4(text).map(address -> {
                String[] bytes = address.split("\\.", -1);
                return hex(Integer.parseInt(bytes[0]) << 8 | Integer.parseInt(bytes[1]))
                        + hex(Integer.parseInt(bytes[2]) << 8 | Integer.parseInt(bytes[3]));
            });
        }
        boolean isHex = text.chars().allMatch(c -> "0123456789abcdef".indexOf(Character.toLowerCase(c)) >= 0);
        if (text.isEmpty() || !isHex) return Optional.empty();
        long group = text.length() > 15 ? -1 : Long.parseLong(text, 16);
        return group >> 16 == 0 ? Optional.of(hex((int) group)) : Optional.empty();
    }

    private static String hex(int group) {
        return Integer.toHexString(group) + ":";
    }
}
