package dev.paddock.client;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes TLS on a port of its own and passes what is in it on to a server that has none. */
final class TlsRelay implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TlsRelay.class);

    private final SSLServerSocket listening;
    private final String server;
    private final AtomicInteger refused = new AtomicInteger();

    /** @param server as {@code host:port} */
    TlsRelay(String server, X509Bundle key) throws Exception {
        this.server = server;
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(key.toKeyManagerFactory().getKeyManagers(), null, null);
        listening = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How often a client went away before it had said anything. */
    int refused() {
        return refused.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = (SSLSocket) listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            log.debug("no more connections", closed);
        }
    }

    private void serve(SSLSocket client) {
        String[] address = server.split(":", 2);
        try (client) {
            InputStream in = client.getInputStream();
            int first = in.read(); // the handshake, and a word
            if (first < 0) throw new IOException("nothing was said");
            try (var to = new Socket(address[0], Integer.parseInt(address[1]))) {
                to.getOutputStream().write(first);
                Thread.ofVirtual().start(() -> pass(to, client));
                in.transferTo(to.getOutputStream());
            }
        } catch (IOException notWanted) {
            refused.incrementAndGet();
            log.debug("a client went away", notWanted);
        }
    }

    private static void pass(Socket from, Socket to) {
        try (OutputStream out = to.getOutputStream()) {
            from.getInputStream().transferTo(out);
        } catch (IOException closed) {
            log.debug("a connection ended", closed);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
