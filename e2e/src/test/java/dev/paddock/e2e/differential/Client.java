package dev.paddock.e2e.differential;

import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.WireException;
import dev.paddock.wire.Writer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection of a stream: what it was asked and not told yet. Owned by one thread. */
final class Client implements AutoCloseable {
    private static final int FIRST_MARK = 1_000_000; // xids above it are marks of ours
    private static final int EVENT_XID = -1;
    private static final int HEADER_BYTES = 16;

    private final Link link;
    private final Deque<Ask> asked = new ArrayDeque<>();
    private int lastMark = FIRST_MARK;
    private boolean open = true;
    private byte @Nullable [] challenge;

    long sessionId;
    byte @Nullable [] password = new byte[16];
    int timeoutMillis;

    Client(Link link) {
        this.link = link;
    }

    /** Says the first words; the answer, and whether there was one, go to {@code heard}. */
    void hello(Step.Hello hello, long sessionId, byte @Nullable [] password, Masks masks, Consumer<Frame> heard)
            throws IOException {
        var w = new Writer(64);
        w.writeInt(0);
        w.writeInt(hello.protocolVersion());
        w.writeLong(hello.lastZxidSeen() <= 0 ? 0 : hello.lastZxidSeen() + masks.base());
        w.writeInt(hello.timeoutMillis());
        w.writeLong(sessionId);
        w.writeBuffer(said(hello.password(), password));
        if (hello.readOnly() >= 0) w.writeBool(hello.readOnly() == 1);
        w.setInt(0, w.length() - 4);
        link.send(w.toByteArray());
        byte[] answer = next(heard);
        if (answer == null) return;
        var in = new Reader(answer);
        var seen = new Writer(64);
        seen.writeInt(in.readInt());
        this.timeoutMillis = in.readInt();
        seen.writeInt(timeoutMillis);
        this.sessionId = in.readLong();
        this.password = in.readBuffer();
        boolean isSame = this.sessionId == sessionId;
        seen.writeLong(this.sessionId == 0 ? 0 : isSame ? 1 : 2);
        seen.writeInt(this.password == null ? -1 : this.password.length);
        seen.writeBool(Arrays.equals(this.password, new byte[16]));
        byte[] rest = in.readRest();
        seen.raw(rest, 0, rest.length);
        heard.accept(new Frame(Frame.Kind.HELLO, null, 0, 0, 0, seen.toByteArray()));
    }

    private static byte @Nullable [] said(Step.Password which, byte @Nullable [] right) {
        return switch (which) {
            case RIGHT -> right;
            case WRONG -> {
                byte[] wrong = right.clone();
                wrong[5] ^= 0x40;
                yield wrong;
            }
            case NULL -> null;
            case SHORT -> Arrays.copyOf(right, 15);
        };
    }

    boolean isOpen() {
        return open;
    }

    /** Sends requests at once, and no mark. */
    void sendOnly(List<Ask> asks, long base) {
        var bytes = new ByteArrayOutputStream();
        for (Ask ask : asks) {
            bytes.writeBytes(ask.frame(base));
            asked.addLast(ask);
        }
        link.send(bytes.toByteArray());
    }

    /** Hears until so many requests are answered. */
    void hear(int answers, Masks masks, Consumer<Frame> heard) throws IOException {
        for (int left = answers; open && left > 0; ) {
            Frame frame = frame(masks, heard);
            if (frame == null) return;
            heard.accept(frame);
            if (frame.kind() == Frame.Kind.REPLY) left--;
        }
    }

    /** Whether something has come that was not heard yet. */
    boolean hasNews() throws IOException {
        return link.hasNews();
    }

    /** Sends requests at once, and behind them a mark. */
    void send(List<Ask> asks, long base) {
        List<Ask> marked = new ArrayList<>(asks);
        marked.add(mark());
        sendOnly(marked, base);
    }

    private Ask mark() {
        var path = new Writer(8);
        path.writeString("/");
        return new Ask(++lastMark, OpCode.SYNC, path.toByteArray());
    }

    /** Sends requests of which the last may end the connection: the mark goes out when all is answered and it is still there. */
    void sendLast(List<Ask> asks, long base, Masks masks, Consumer<Frame> heard) throws IOException {
        sendOnly(asks, base);
        Frame last = null;
        while (open && !asked.isEmpty()) {
            Frame frame = frame(masks, heard);
            if (frame == null) continue;
            last = frame;
            heard.accept(frame);
        }
        int type = asks.getLast().type();
        boolean stays = (type == OpCode.AUTH || type == OpCode.SASL) && last != null && last.err() == 0;
        if (open && stays) send(List.of(), base);
    }

    /** The token in the last answer to a SASL request; null if there was none in it. */
    byte @Nullable [] challenge() {
        return challenge;
    }

    /**
     * Hears all up to the mark. One that shows less than the stream has seen is not it: Apache's leader may answer a sync before it
     * has applied what a follower has.
     *
     * @param newest zxid that somebody has seen
     */
    void hear(Masks masks, long newest, Consumer<Frame> heard) throws IOException {
        while (open) {
            Frame frame = frame(masks, heard);
            if (frame == null) continue;
            boolean isMark = frame.ask() != null && frame.ask().xid() == lastMark;
            if (isMark && frame.zxid() < newest && frame.zxid() > 0) {
                send(List.of(), masks.base());
                continue;
            }
            heard.accept(frame);
            if (isMark) return;
        }
    }

    private @Nullable Frame frame(Masks masks, Consumer<Frame> heard) throws IOException {
        byte[] frame = next(heard);
        if (frame == null) return null;
        var in = new Reader(frame);
        if (frame.length < HEADER_BYTES) return new Frame(Frame.Kind.REPLY, null, 0, 0, 0, frame);
        int xid = in.readInt();
        long zxid = masks.zxid(in.readLong());
        int err = in.readInt();
        if (xid == EVENT_XID) return new Frame(Frame.Kind.EVENT, null, xid, zxid, err, in.readRest());
        Ask ask = answered(xid);
        byte[] rest = in.readRest();
        if (ask != null && ask.type() == OpCode.SASL) challenge = token(rest);
        byte[] body = ask == null ? rest : masks.body(ask.type(), rest);
        return new Frame(Frame.Kind.REPLY, ask, xid > FIRST_MARK ? 0 : xid, zxid, err, body);
    }

    private static byte @Nullable [] token(byte[] body) {
        try {
            return new Reader(body).readBuffer();
        } catch (WireException e) {
            return null;
        }
    }

    /** The oldest with this xid, else the oldest; what was asked before it will not be answered any more, unless it is a proof. */
    private @Nullable Ask answered(int xid) {
        if (Ask.isProof(xid)) {
            Ask proof = asked.stream().filter(Ask::isProof).findFirst().orElse(null);
            if (proof != null) asked.remove(proof);
            return proof;
        }
        boolean isThere = asked.stream().anyMatch(ask -> ask.answerXid() == xid);
        while (isThere && asked.getFirst().answerXid() != xid) asked.removeFirst();
        return asked.pollFirst();
    }

    private byte @Nullable [] next(Consumer<Frame> heard) throws IOException {
        try {
            byte[] frame = link.frame();
            if (frame == null) gone(Frame.Kind.CLOSED, heard);
            return frame;
        } catch (SocketTimeoutException e) {
            gone(Frame.Kind.SILENCE, heard);
            return null;
        }
    }

    private void gone(Frame.Kind kind, Consumer<Frame> heard) {
        heard.accept(Frame.bare(kind));
        close();
    }

    /**
     * Goes without closing the session, and waits until the server knows. Apache forgets which connection a session has when it
     * learns late that an older one has gone.
     */
    void leave() {
        if (!open) return;
        open = false;
        link.leave();
    }

    @Override
    public void close() {
        open = false;
        link.close();
    }
}
