package dev.paddock.node.request;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The id of an ACL of scheme {@code ip}: an IPv4 or IPv6 address, and after a slash how many of its bits count. */
record IpRange(byte[] address, int bits) {
    /** Null if the text is no such id. */
    static @Nullable IpRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) return null;
        int all = address.length * 8;
        int bits = slash < 0 ? all : number(text.substring(slash + 1), 10, all);
        return bits < 0 ? null : new IpRange(address, bits);
    }

    boolean contains(String text) {
        byte[] other = address(text);
        if (other == null || other.length != address.length) return false;
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, other, 0, whole)) return false;
        int rest = bits % 8;
        return rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0;
    }

    private static byte @Nullable [] address(String text) {
        return text.indexOf(':') >= 0 ? v6(text) : v4(text);
    }

    private static byte @Nullable [] v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) return null;
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 10, 255);
            if (value < 0) return null;
            address[i] = (byte) value;
        }
        return address;
    }

    private static byte @Nullable [] v6(String text) {
        String[] halves = text.split("::", -1);
        String[] head = halves[0].isEmpty() && halves.length == 2 ? new String[0] : halves[0].split(":", -1);
        String[] tail = halves.length < 2 || halves[1].isEmpty() ? new String[0] : halves[1].split(":", -1);
        int given = head.length + tail.length;
        if (halves.length > 2 || (halves.length == 1 ? given != 8 : given >= 8)) return null;
        byte[] address = new byte[16];
        return fill(address, 0, head) && fill(address, 16 - 2 * tail.length, tail) ? address : null;
    }

    private static boolean fill(byte[] address, int from, String[] groups) {
        int at = from;
        for (String group : groups) {
            int value = group.length() > 4 ? -1 : number(group, 16, 0xffff);
            if (value < 0) return false;
            address[at++] = (byte) (value >> 8);
            address[at++] = (byte) value;
        }
        return true;
    }

    /** The number, or -1 if it is none or more than {@code max}. Like Apache's, a plus sign before it does not matter. */
    private static int number(String digits, int radix, int max) {
        try {
            int value = Integer.parseInt(digits, radix);
            return value >= 0 && value <= max ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
