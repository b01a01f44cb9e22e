package dev.paddock.node.server;

import dev.paddock.node.session.SessionIds;
import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client without manners: it says any handshake, and tells what came back in words that two servers can be compared by. */
final class SessionSocket implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private int xid;
    long sessionId;

    SessionSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** A connection with a session: a new one, or the one given. */
    static SessionSocket open(int port, int timeoutMillis, long sessionId) throws IOException {
        var client = new SessionSocket(port);
        client.connect(timeoutMillis, sessionId, SessionIds.password(sessionId));
        String said = client.connected();
        if (client.sessionId == 0) throw new IOException("no session: " + said);
        return client;
    }

    void raw(byte... bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) { // closed already; the reader will see it
            if (socket.isClosed()) throw e;
        }
    }

    void frame(byte[] body) throws IOException {
        var w = new Writer(body.length + 4);
        w.writeBuffer(body);
        raw(w.toByteArray());
    }

    void connect(ConnectRequest request) throws IOException {
        var w = new Writer(64);
        request.write(w);
        frame(w.toByteArray());
    }

    void connect(int timeoutMillis, long session, byte @Nullable [] password) throws IOException {
        connect(new ConnectRequest(0, 0, timeoutMillis, session, password, Optional.of(false)));
    }

    /** The answer to the handshake. A session is named by its timeout only, since ids differ. */
    String connected() throws IOException {
        byte[] frame = next();
        if (frame == null) return "closed";
        ConnectResponse response = ConnectResponse.read(new Reader(frame));
        String readOnly = response.readOnly().map(is -> " readOnly=" + is).orElse("");
        if (response.timeoutMillis() == 0) {
            boolean zeros = response.sessionId() == 0 && Arrays.equals(response.password(), new byte[16]);
            return (zeros ? "refused with zeros" : response.toString()) + readOnly + ", then " + rest();
        }
        sessionId = response.sessionId();
        boolean proved = Arrays.equals(response.password(), SessionIds.password(sessionId));
        return "session of " + response.timeoutMillis() + " ms" + (proved ? "" : " with a strange password") + readOnly;
    }

    /** Asks one thing; the answer's error, or that there is none. */
    String ask(Request request) throws IOException {
        send(request);
        return answer();
    }

    void send(Request request) throws IOException {
        var w = new Writer(64);
        new RequestHeader(++xid, request.opCode()).write(w);
        request.write(w);
        frame(w.toByteArray());
    }

    /** Both in one segment. */
    void send(Request first, Request second) throws IOException {
        var both = new Writer(128);
        for (Request request : List.of(first, second)) {
            var w = new Writer(64);
            new RequestHeader(++xid, request.opCode()).write(w);
            request.write(w);
            both.writeBuffer(w.toByteArray());
        }
        raw(both.toByteArray());
    }

    /** Asks one thing with an xid that is none of a request's own. */
    String ask(int specialXid, Request request) throws IOException {
        var w = new Writer(64);
        new RequestHeader(specialXid, request.opCode()).write(w);
        request.write(w);
        frame(w.toByteArray());
        return answer();
    }

    /** The next frame after the handshake: xid and error. */
    String answer() throws IOException {
        byte[] frame = next();
        if (frame == null) return "closed";
        ReplyHeader header = ReplyHeader.read(new Reader(frame));
        return "xid " + header.xid() + " err " + header.err();
    }

    /** Asks for all or nothing; the errors of the parts, or that of the whole. */
    String askMulti(Request.WriteOp... ops) throws IOException {
        send(new Request.Multi(List.of(ops)));
        byte[] frame = next();
        if (frame == null) return "closed";
        var reader = new Reader(frame);
        ReplyHeader header = ReplyHeader.read(reader);
        if (header.err() != 0) return "err " + header.err();
        return ((Response.Multi) Response.read(OpCode.MULTI, reader))
                .results().stream()
                        .map(result -> result instanceof Response.Failed(int err) ? "err " + err : "done")
                        .toList()
                        .toString();
    }

    /** All that comes until the server closes the connection. */
    String rest() throws IOException {
        var said = new StringBuilder();
        for (String next = answer(); ; next = answer()) {
            said.append(next);
            if (next.equals("closed")) return said.toString();
            said.append(", ");
        }
    }

    private byte @Nullable [] next() throws IOException {
        try {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            return frame;
        } catch (EOFException | SocketException e) { // reset, where it had more of ours to read
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
