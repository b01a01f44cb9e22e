package dev.paddock.node.front;

import dev.paddock.wire.ConnectRequest;
import dev.paddock.wire.ConnectResponse;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.RequestHeader;
import dev.paddock.wire.Response;
import dev.paddock.wire.WatcherEvent;
import dev.paddock.wire.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of a {@link Frontend} under test: sends frames, and keeps what the frontend does to its link. */
final class FakeClient implements ClientLink {

    /** A reply or an event, as the client got it. */
    record Got(int xid, long zxid, int err, byte[] body) {
        Response as(int requestType) {
            return Response.read(requestType, new Reader(body));
        }

        String event() {
            var event = WatcherEvent.read(new Reader(body));
            return event.type() + " " + event.path();
        }
    }

    private final Frontend frontend;
    final Connection connection;
    private final List<byte[]> frames = new ArrayList<>();
    final List<Boolean> readingChanges = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Nullable
    CloseReason closed;

    long unsent;
    boolean takes = true;

    FakeClient(Frontend frontend) {
        this(frontend, 0);
    }

    FakeClient(Frontend frontend, long nowNanos) {
        this.frontend = frontend;
        this.connection = frontend.accepted(this, "10.0.0.7", nowNanos, 0);
    }

    void connect(ConnectRequest request) {
        var w = new Writer(64);
        request.write(w);
        frame(w.toByteArray());
    }

    void connect(long sessionId, byte @Nullable [] password) {
        connect(new ConnectRequest(0, 0, 30_000, sessionId, password, Optional.of(false)));
    }

    void request(int xid, Request request) {
        var w = new Writer(64);
        new RequestHeader(xid, request.opCode()).write(w);
        request.write(w);
        frame(w.toByteArray());
    }

    void frame(byte[] body) {
        byte[] padded = new byte[body.length + 7]; // a frame lies anywhere in its array
        System.arraycopy(body, 0, padded, 3, body.length);
        takes = frontend.frame(connection, padded, 3, 3 + body.length, 0);
        Arrays.fill(padded, (byte) 0x55); // and its bytes are the caller's afterwards
    }

    /** All that came since the last call, without the answer to the handshake. */
    List<Got> got() {
        frontend.flush();
        var got = new ArrayList<Got>();
        for (byte[] frame : frames) {
            var r = new Reader(frame);
            var header = ReplyHeader.read(r);
            got.add(new Got(header.xid(), header.zxid(), header.err(), r.readRest()));
        }
        frames.clear();
        return got;
    }

    /** What came since the last call, by its xid; events as type and path. */
    List<String> order() {
        return got().stream()
                .map(g -> g.xid() == -1 ? "event " + g.event() : Integer.toString(g.xid()))
                .toList();
    }

    ConnectResponse handshake() {
        frontend.flush();
        return ConnectResponse.read(new Reader(frames.removeFirst()));
    }

    @Override
    public String address() {
        return "/10.0.0.7:1234";
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public void send(byte[] buf, int from, int to) {
        if (closed != null) {
            throw new AssertionError("sent after the close");
        }
        var r = new Reader(buf, from, to);
        while (r.remaining() > 0) {
            int length = r.readInt();
            frames.add(Arrays.copyOfRange(buf, r.position(), r.position() + length));
            r = new Reader(buf, r.position() + length, to);
        }
    }

    @Override
    public long unsentBytes() {
        return unsent;
    }

    @Override
    public void reading(boolean on) {
        readingChanges.add(on);
        takes = on;
    }

    @Override
    public void note(String text) {
        notes.add(text);
    }

    @Override
    public void close(CloseReason reason) {
        closed = reason;
    }
}
