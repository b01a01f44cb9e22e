package dev.paddock.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Takes a port of 127.0.0.1 as soon as who has it gives it up, and hangs up on whoever calls. */
final class Stranger implements AutoCloseable {
    private static final int TRY_EACH_MILLIS = 5;

    private final int port;
    private volatile @Nullable ServerSocket socket; // null until it has the port
    private volatile boolean closed;

    Stranger(int port) {
        this.port = port;
        Thread.ofPlatform().daemon().name("stranger").start(this::run);
    }

    private void run() {
        while (!closed) {
            try (ServerSocket own = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
                socket = own;
                while (!closed) own.accept().close();
            } catch (IOException takenOrClosed) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(TRY_EACH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean hasIt() {
        return socket != null;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        ServerSocket own = socket;
        if (own != null) own.close();
    }
}
