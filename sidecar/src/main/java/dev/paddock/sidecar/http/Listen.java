package dev.paddock.sidecar.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Where a server listens. */
public sealed interface Listen {

    /** A TCP address; port 0 lets the kernel choose. */
    record Tcp(InetSocketAddress address) implements Listen {
        /** Whether only this machine, in Kubernetes only this pod, can reach it. */
        public boolean isLoopback() {
            return address.getAddress().isLoopbackAddress();
        }
    }

    /** A unix domain socket; its file gets mode 0660 and goes away on close. */
    record Unix(Path path) implements Listen {}

    /**
     * Reads {@code 127.0.0.1:2190}, {@code [::1]:2190}, {@code localhost:2190} or {@code unix:/run/paddock.sock}.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    static Listen parse(String text) {
        if (text.startsWith("unix:")) return new Unix(Path.of(text.substring(5)));
        return tcp(text);
    }

    /** As {@link #parse}, without unix sockets. Names other than {@code localhost} are not looked up. */
    static Tcp tcp(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (!host.equals("localhost") && !host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]"))
            throw new IllegalArgumentException("expected ADDRESS:PORT or unix:/PATH, found \"" + text + "\"");
        String literal =
                host.equals("localhost") ? "127.0.0.1" : host.replace("[", "").replace("]", "");
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new Tcp(new InetSocketAddress(InetAddress.ofLiteral(literal), port));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no address and port: \"" + text + "\"", e);
        }
    }
}
