package dev.paddock.wire.golden;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A relay on loopback that keeps all bytes that go through it, in both directions. */
final class Tap implements AutoCloseable {
    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final List<Link> links = new CopyOnWriteArrayList<>();

    /** Listens on a port of its own. */
    Tap(InetSocketAddress target) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), target);
    }

    Tap(InetSocketAddress at, InetSocketAddress target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(at.getPort(), 50, at.getAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Connections so far, oldest first, those that are closed too. */
    List<Link> links() {
        return links;
    }

    /** Cuts all connections; new ones are taken. */
    void cut() throws IOException {
        for (Link link : links) {
            link.close();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket dialler = listening.accept();
                try {
                    links.add(new Link(dialler, new Socket(target.getAddress(), target.getPort())));
                } catch (IOException nobodyListens) {
                    dialler.close();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** One connection through the tap. */
    static final class Link implements AutoCloseable {
        private final Socket dialler;
        private final Socket target;
        private final ByteArrayOutputStream fromDialler = new ByteArrayOutputStream(); // itself synchronized
        private final ByteArrayOutputStream fromTarget = new ByteArrayOutputStream();

        private Link(Socket dialler, Socket target) {
            this.dialler = dialler;
            this.target = target;
            Thread.ofVirtual().start(() -> pump(dialler, target, fromDialler));
            Thread.ofVirtual().start(() -> pump(target, dialler, fromTarget));
        }

        byte[] fromDialler() {
            return fromDialler.toByteArray();
        }

        byte[] fromTarget() {
            return fromTarget.toByteArray();
        }

        @Override
        public void close() throws IOException {
            dialler.close();
            target.close();
        }

        private void pump(Socket from, Socket to, ByteArrayOutputStream kept) {
            byte[] chunk = new byte[8192];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    kept.write(chunk, 0, n);
                    out.write(chunk, 0, n);
                }
            } catch (IOException cut) {
                kept.write(chunk, 0, 0); // what came before the cut is what was recorded
            }
        }
    }
}
