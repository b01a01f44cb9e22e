package dev.paddock.wire;

import java.util.List;

/**
 * The first bytes of whoever dials an election port: i64 -65536, i64 sid, i32 length, address as {@code host:port}. With -65535 there may be several, joined by
 * {@code |}. Servers before ZooKeeper 3.5 send only the sid, here without addresses. What the addresses say is for logs: nobody dials what a stranger names.
 */
public record Hello(long sid, List<String> addresses) {
    /** One address. */
    public static final long PROTOCOL_ONE_ADDRESS = -65536;

    /** Several addresses. */
    public static final long PROTOCOL_ADDRESSES = -65535;

    /** The sid of an observer that has none. */
    public static final long ANONYMOUS_OBSERVER = Long.MAX_VALUE;

    /** The most bytes of addresses, as in Apache ZooKeeper. */
    public static final int ADDRESS_BYTES_MAX = 2048;

    /** Bytes up to the addresses. */
    public static final int HEAD_BYTES = 20;

    public Hello {
        addresses = List.copyOf(addresses);
    }

    /**
     * How long the hello that starts with these bytes is, so that a link knows how much to wait for.
     *
     * @param start the bytes of one hello that have come so far
     * @return its length, or -1 if more bytes are needed to tell
     * @throws WireException if it is none
     */
    public static int length(Reader start) {
        if (start.remaining() < 8) {
            return -1;
        }
        long first = start.readLong("hello.protocol");
        if (first >= 0) {
            return 8;
        }
        requireProtocol(first);
        if (start.remaining() < HEAD_BYTES - 8) {
            return -1;
        }
        start.readLong("hello.sid");
        return HEAD_BYTES + addressBytes(start);
    }

    /** Reads one that is all there. */
    public static Hello read(Reader r) {
        long first = r.readLong("hello.protocol");
        if (first >= 0) {
            return new Hello(first, List.of());
        }
        requireProtocol(first);
        long sid = r.readLong("hello.sid");
        String addresses = r.readUtf8(addressBytes(r), "hello.addresses");
        return new Hello(sid, List.of(addresses.split("\\|", -1)));
    }

    /** Writes one. */
    public void write(Writer w) {
        if (addresses.isEmpty()) {
            w.writeLong(sid);
            return;
        }
        w.writeLong(addresses.size() == 1 ? PROTOCOL_ONE_ADDRESS : PROTOCOL_ADDRESSES);
        w.writeLong(sid);
        w.writeString(String.join("|", addresses));
    }

    private static void requireProtocol(long first) {
        if (first != PROTOCOL_ONE_ADDRESS && first != PROTOCOL_ADDRESSES) {
            throw new WireException("hello.protocol: no such version: " + first);
        }
    }

    private static int addressBytes(Reader r) {
        int length = r.readInt("hello.addresses");
        if (length <= 0 || length > ADDRESS_BYTES_MAX) {
            throw new WireException("hello.addresses: length " + length);
        }
        return length;
    }
}
