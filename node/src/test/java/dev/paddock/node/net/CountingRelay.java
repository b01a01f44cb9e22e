package dev.paddock.node.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands where a server is said to be: passes on to it what is dialled here, and counts the dials. */
final class CountingRelay implements AutoCloseable {
    private static final int FIRST_BYTES_MAX = 8192;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    private final AtomicInteger dials = new AtomicInteger();
    private final CompletableFuture<Void> accepting;

    CountingRelay(InetSocketAddress server) throws IOException {
        this.server = server;
        this.accepting = CompletableFuture.runAsync(this::accept, Thread::startVirtualThread);
    }

    int port() {
        return listening.getLocalPort();
    }

    int dials() {
        return dials.get();
    }

    private void accept() {
        while (true) {
            try {
                Socket dialler = listening.accept();
                dials.incrementAndGet();
                begin(dialler);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void begin(Socket dialler) throws IOException {
        try {
            begin(dialler, new Socket(server.getAddress(), server.getPort()));
        } catch (IOException nobodyThere) {
            dialler.close();
        }
    }

    /** The first words are passed on before another dial is taken: the server hears of the dials in their order. */
    private static void begin(Socket dialler, Socket to) throws IOException {
        try {
            byte[] first = new byte[FIRST_BYTES_MAX];
            int count = dialler.getInputStream().read(first);
            to.getOutputStream().write(first, 0, Math.max(count, 0));
            Thread.ofVirtual().start(() -> passAll(dialler, to));
            Thread.ofVirtual().start(() -> passAll(to, dialler));
        } catch (IOException cut) {
            to.close();
            throw cut;
        }
    }

    private static void passAll(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            return;
        }
    }

    /** From when this returns, no dial is taken; what was taken goes on. */
    void shut() throws IOException {
        listening.close();
        accepting.join(); // the port is shut no sooner
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
