package dev.paddock.node.request;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Writer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A client that sends anything and shows the very bytes of the answer. */
final class RawClient implements AutoCloseable {
    final long sessionId;
    final int timeoutMillis;
    private final Socket socket;
    private final DataInputStream in;
    private int xid;

    /** An answer: its header and the reader of its body. */
    record Reply(ReplyHeader header, Reader body) {}

    RawClient(int port, int timeoutMillis) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        this.in = new DataInputStream(socket.getInputStream());
        var w = new Writer(64);
        new ConnectRequest(0, 0, timeoutMillis, 0, new byte[16], Optional.of(false)).write(w);
        send(w);
        ConnectResponse response = ConnectResponse.read(receive());
        this.sessionId = response.sessionId();
        this.timeoutMillis = response.timeoutMillis();
    }

    Reply ask(Request request) throws IOException {
        var w = new Writer(256);
        boolean auth = request.opCode() == OpCode.AUTH;
        new RequestHeader(auth ? -4 : ++xid, request.opCode()).write(w);
        request.write(w);
        send(w);
        Reader reader = receive();
        ReplyHeader header = ReplyHeader.read(reader);
        if (!auth && header.xid() != xid) throw new IOException("xid " + header.xid() + " for " + xid);
        return new Reply(header, reader);
    }

    void authenticate(String userAndPassword) throws IOException {
        byte[] token = userAndPassword.getBytes(StandardCharsets.UTF_8);
        Reply reply = ask(new Request.Auth(0, "digest", token));
        if (reply.header.err() != 0) throw new IOException("auth: " + reply.header.err());
    }

    private void send(Writer w) throws IOException {
        var framed = new Writer(w.length() + 4);
        framed.writeInt(w.length());
        framed.raw(w.array(), 0, w.length());
        OutputStream out = socket.getOutputStream();
        out.write(framed.toByteArray());
        out.flush();
    }

    private Reader receive() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return new Reader(frame);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
