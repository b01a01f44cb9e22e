package dev.paddock.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Takes TLS on a port of its own and passes what is in it on to a server that has none. */
public final class TlsRelay implements AutoCloseable {
    private final SSLServerSocket listening;
    private final String server;
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();

    private TlsRelay(String server, SSLServerSocket listening) {
        this.server = server;
        this.listening = listening;
        Thread.ofVirtual().start(this::accept);
    }

    /**
     * Begins to listen.
     *
     * @param server as {@code host:port}
     * @param key    what it shows, and whom it trusts
     * @param asks   whether clients must show a certificate
     */
    public static TlsRelay start(String server, SSLContext key, boolean asks) throws IOException {
        SSLServerSocket listening = (SSLServerSocket)
                key.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listening.setNeedClientAuth(asks);
        return new TlsRelay(server, listening);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** How often a client went away before it had said anything. */
    public int refused() {
        return refused.get();
    }

    /** How many clients have said something. */
    public int served() {
        return served.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = (SSLSocket) listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) { // by close
            return;
        }
    }

    private void serve(SSLSocket client) {
        String[] address = server.split(":", 2);
        try (client) {
            InputStream in = client.getInputStream();
            int first = in.read(); // the handshake, and a word
            if (first < 0) throw new IOException("nothing was said");
            served.incrementAndGet();
            try (var to = new Socket(address[0], Integer.parseInt(address[1]))) {
                to.getOutputStream().write(first);
                Thread.ofVirtual().start(() -> pass(to, client));
                in.transferTo(to.getOutputStream());
            }
        } catch (IOException notWanted) {
            refused.incrementAndGet();
        }
    }

    private static void pass(Socket from, Socket to) {
        try (OutputStream out = to.getOutputStream()) {
            from.getInputStream().transferTo(out);
        } catch (IOException closed) { // by either side
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
