package dev.paddock.e2e.failover;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session on one connection; asks, and waits for the answer. Owned by one thread. */
public final class RawSession implements AutoCloseable {
    static final byte[] NO_PASSWORD = new byte[16];
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final long id;
    private final byte[] password;
    private final int timeoutMillis;
    private int nextXid = 1;
    private long zxid;
    private int error;

    /** A new session. */
    public RawSession(int port, int timeoutMillis) throws IOException {
        this(port, timeoutMillis, InetAddress.getLoopbackAddress());
    }

    /** Likewise from an address of this machine. */
    public RawSession(int port, int timeoutMillis, InetAddress from) throws IOException {
        this(port, 0, NO_PASSWORD, 0, timeoutMillis, from);
    }

    /**
     * Connects.
     *
     * @param sessionId    of the session to come back to, 0 for a new one
     * @param password     of that session
     * @param seenZxid     newest that its client has seen
     * @param timeoutMillis that of the session; an answer may take half of it
     * @throws SocketTimeoutException if no answer comes
     */
    RawSession(int port, long sessionId, byte[] password, long seenZxid, int timeoutMillis) throws IOException {
        this(port, sessionId, password, seenZxid, timeoutMillis, InetAddress.getLoopbackAddress());
    }

    private RawSession(int port, long sessionId, byte[] password, long seenZxid, int timeoutMillis, InetAddress from)
            throws IOException {
        try {
            socket.bind(new InetSocketAddress(from, 0));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(timeoutMillis / 2);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
            var hello = new Writer(64);
            new ConnectRequest(0, seenZxid, timeoutMillis, sessionId, password, Optional.of(false)).write(hello);
            send(hello.toByteArray());
            ConnectResponse welcome = ConnectResponse.read(frame());
            this.id = welcome.sessionId();
            this.timeoutMillis = welcome.timeoutMillis();
            byte[] told = welcome.password();
            this.password = told == null ? NO_PASSWORD : told;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** 0 if the session has ended. */
    long id() {
        return id;
    }

    /** What the server made of the timeout that was asked for. */
    int timeoutMillis() {
        return timeoutMillis;
    }

    byte[] password() {
        return password;
    }

    /** Of the last answer. */
    long zxid() {
        return zxid;
    }

    /** Likewise. */
    public int error() {
        return error;
    }

    /** Null if the answer is an error. */
    @Nullable
    public Response ask(Request request) throws IOException {
        var w = new Writer(256);
        int xid = nextXid++;
        new RequestHeader(xid, request.opCode()).write(w);
        request.write(w);
        send(w.toByteArray());
        Reader answer = frame();
        ReplyHeader header = ReplyHeader.read(answer);
        if (header.xid() != xid) throw new AssertionError("asked " + xid + ", answered " + header);
        if (header.zxid() < zxid) throw new AssertionError("an older state than before: " + header);
        zxid = header.zxid();
        error = header.err();
        return error == 0 ? Response.read(request.opCode(), answer) : null;
    }

    private void send(byte[] body) throws IOException {
        byte[] frame = new byte[4 + body.length];
        ByteBuffer.wrap(frame).putInt(body.length).put(body);
        out.write(frame);
    }

    private Reader frame() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > FRAME_BYTES_MAX) throw new AssertionError("a frame of " + length + " bytes");
        byte[] body = in.readNBytes(length);
        if (body.length < length) throw new EOFException();
        return new Reader(body);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
