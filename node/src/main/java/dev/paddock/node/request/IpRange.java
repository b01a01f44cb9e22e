package dev.paddock.node.request;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The id of an ACL of scheme {@code ip}: an IPv4 or IPv6 address, and after a slash how many of its bits count. */
record IpRange(byte[] address, int bits) {
    private static final int NONE = Integer.MIN_VALUE; // four hex digits are never that

    /** Null if the text is no such id. */
    static @Nullable IpRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(text, slash < 0 ? text.length() : slash);
        if (address == null) return null;
        int all = address.length * 8;
        int bits = slash < 0 ? all : number(text, slash + 1, text.length(), 10, all);
        return bits < 0 ? null : new IpRange(address, bits);
    }

    /** The bytes of an address, 4 or 16; null if the text is none. */
    static byte @Nullable [] address(String text) {
        return address(text, text.length());
    }

    boolean contains(byte[] other) {
        if (other.length != address.length) return false;
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, other, 0, whole)) return false;
        int rest = bits % 8;
        return rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0;
    }

    // Parsed at every check of an ACL, so nothing is made here but the address.

    private static byte @Nullable [] address(String text, int to) {
        return text.indexOf(':', 0, to) >= 0 ? v6(text, to) : v4(text, to);
    }

    private static byte @Nullable [] v4(String text, int to) {
        var address = new byte[4];
        int from = 0;
        for (int i = 0; i < 4; i++) {
            int dot = text.indexOf('.', from, to);
            if ((dot < 0) != (i == 3)) return null;
            int end = dot < 0 ? to : dot;
            int value = number(text, from, end, 10, 255);
            if (value < 0) return null;
            address[i] = (byte) value;
            from = end + 1;
        }
        return address;
    }

    private static byte @Nullable [] v6(String text, int to) {
        var address = new byte[16];
        int gap = text.indexOf("::", 0, to);
        if (gap < 0) return groups(text, 0, to) == 8 && fill(address, 0, text, 0, to) ? address : null;
        int tailFrom = gap + 2;
        int tail = groups(text, tailFrom, to);
        boolean isShort = groups(text, 0, gap) + tail < 8 && text.indexOf("::", tailFrom, to) < 0;
        boolean isFilled =
                isShort && fill(address, 0, text, 0, gap) && fill(address, 16 - 2 * tail, text, tailFrom, to);
        return isFilled ? address : null;
    }

    private static int groups(String text, int from, int to) {
        int groups = from == to ? 0 : 1;
        for (int i = from; i < to; i++) if (text.charAt(i) == ':') groups++;
        return groups;
    }

    private static boolean fill(byte[] address, int first, String text, int from, int to) {
        if (from == to) return true;
        int at = first;
        for (int start = from; start <= to; ) {
            int colon = text.indexOf(':', start, to);
            int end = colon < 0 ? to : colon;
            int value = end - start > 4 ? NONE : group(text, start, end);
            if (value == NONE) return false;
            address[at++] = (byte) (value >> 8);
            address[at++] = (byte) value;
            start = end + 1;
        }
        return true;
    }

    /** Like Apache's, a minus sign before a group does not matter but for the bits that it means. */
    private static int group(String text, int from, int to) {
        if (from == to) return NONE;
        try {
            return Integer.parseInt(text, from, to, 16);
        } catch (NumberFormatException e) {
            return NONE;
        }
    }

    /** The number, or -1 if it is none or more than {@code max}. Like Apache's, a plus sign before it does not matter. */
    private static int number(String text, int from, int to, int radix, int max) {
        if (from == to) return -1;
        try {
            int value = Integer.parseInt(text, from, to, radix);
            return value >= 0 && value <= max ? value : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
