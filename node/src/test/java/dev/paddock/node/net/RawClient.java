package dev.paddock.node.net;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client that sends any bytes it likes. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    RawClient(TestServer server) throws IOException {
        socket = server.socket();
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends bytes as they are. */
    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends bytes given in hexadecimal. */
    void sendHex(String hex) throws IOException {
        send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    void frame(byte[] body) throws IOException {
        var w = new Writer(body.length + 4);
        w.writeBuffer(body);
        send(w.toByteArray());
    }

    /** A frame of a request header and a body. */
    void request(int xid, int type, byte[] body) throws IOException {
        var w = new Writer(64);
        new RequestHeader(xid, type).write(w);
        w.raw(body, 0, body.length);
        frame(w.toByteArray());
    }

    void request(int xid, Request request) throws IOException {
        var w = new Writer(64);
        request.write(w);
        request(xid, request.opCode(), w.toByteArray());
    }

    void connect(int timeoutMillis, long sessionId, byte @Nullable [] password, Optional<Boolean> readOnly)
            throws IOException {
        var w = new Writer(64);
        new ConnectRequest(0, 0, timeoutMillis, sessionId, password, readOnly).write(w);
        frame(w.toByteArray());
    }

    ConnectResponse connected() throws IOException {
        return ConnectResponse.read(new Reader(body()));
    }

    /** A client with a session. */
    static RawClient withSession(TestServer server) throws IOException {
        var client = new RawClient(server);
        client.connect(30_000, 0, new byte[16], Optional.of(false));
        client.connected();
        return client;
    }

    ReplyHeader reply() throws IOException {
        return ReplyHeader.read(new Reader(body()));
    }

    byte[] body() throws IOException {
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return body;
    }

    /** All that comes until the server closes the connection, as text. */
    String text() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Whether the server closes the connection without another byte. */
    boolean isClosed() throws IOException {
        try {
            int next = in.read();
            if (next >= 0) {
                throw new AssertionError("got a byte: " + next + Arrays.toString(in.readNBytes(in.available())));
            }
            return true;
        } catch (EOFException | SocketException e) { // reset, since we had more to say
            return true;
        }
    }

    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
