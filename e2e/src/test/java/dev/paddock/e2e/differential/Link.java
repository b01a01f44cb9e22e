package dev.paddock.e2e.differential;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import org.jspecify.annotations.Nullable;

/** A connection to a server as frames of bytes. Owned by one thread. */
final class Link implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int AT_ONCE_MAX = 128 << 10;
    private static final int FRAME_BYTES_MAX = 64 << 20;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    /** @param from our own address; null for any */
    Link(String host, int port, @Nullable String from) throws IOException {
        if (from != null) socket.bind(new InetSocketAddress(from, 0));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(
                new InetSocketAddress(host, port)); // with a time limit it may fail where the server closes it at once
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = socket.getOutputStream();
    }

    /**
     * Sends bytes; what the server no longer takes is lost, which the next {@link #frame} tells. Many are sent meanwhile, since a
     * server may want its answers taken before it takes more.
     */
    void send(byte[] bytes) {
        if (bytes.length <= AT_ONCE_MAX) write(bytes);
        else Thread.startVirtualThread(() -> write(bytes));
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            // The other end has closed; what it said before can still be read.
        }
    }

    /**
     * The next frame without its length; null once the server has closed the connection.
     *
     * @throws SocketTimeoutException if nothing comes
     */
    byte @Nullable [] frame() throws IOException {
        try {
            int length = in.readInt();
            if (length < 0 || length > FRAME_BYTES_MAX) throw new IOException("a frame of " + length + " bytes");
            return in.readNBytes(length);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** Whether {@link #frame} has something to read. */
    boolean hasNews() throws IOException {
        return in.available() > 0;
    }

    /** Says that nothing more comes, and waits until the server has closed the connection, or seems not to. */
    void leave() {
        try {
            socket.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It has closed already, or does not.
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
