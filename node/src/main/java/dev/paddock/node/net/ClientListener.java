package dev.paddock.node.net;

import java.net.InetSocketAddress;

/** One of the addresses where clients are listened for; port 0 takes a free one. */
public record ClientListener(InetSocketAddress address, Entrance entrance) {
    /** How clients come in. */
    public sealed interface Entrance {
        /** For a log line. */
        default String describe() {
            return switch (this) {
                case Plain() -> "without TLS";
                case Secure secure -> "with TLS";
                case Either either -> "with TLS or without";
            };
        }

        /** Without TLS. */
        record Plain() implements Entrance {}

        /** With TLS. */
        record Secure(ClientTls tls) implements Entrance {}

        /** With it or without. */
        record Either(ClientTls tls) implements Entrance {}
    }

    /** Without TLS. */
    public static ClientListener plain(InetSocketAddress address) {
        return new ClientListener(address, new Entrance.Plain());
    }
}
