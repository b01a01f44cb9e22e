package dev.paddock.client;

import dev.paddock.wire.ErrorCode;
import dev.paddock.wire.Extensions;
import dev.paddock.wire.OpCode;
import dev.paddock.wire.Reader;
import dev.paddock.wire.ReplyHeader;
import dev.paddock.wire.Request;
import dev.paddock.wire.Response;
import dev.paddock.wire.Writer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One request on its way. Encoded by the caller's thread; from then on owned by the event loop.
 *
 * @param <T> what its reply gives
 */
final class Call<T> {
    private static final int FRAME_BYTES = 128; // first guess; grows
    private static final int XID_AT = 4;

    /** What the watch of an answered call is about: these are the lists of {@code SetWatches2}. */
    enum WatchKind {
        DATA,
        EXIST,
        CHILD,
        /** Stays after its events. */
        PERSISTENT,
        /** Likewise, and for all that is below the path. */
        RECURSIVE
    }

    /** A watcher to set when the call is answered, on the server's path. */
    record Watch(WatchKind kind, String serverPath, Watcher watcher) {}

    /** Who waits for the reply. */
    private enum Origin {
        STAGED,
        AWAITED,
        INTERNAL
    }

    private final Request request;
    private final String path; // the caller's, for messages; may be empty
    private final byte[] frame; // length, xid, type, body
    private final boolean throughLeader;
    private final Decoder<T> decoder;
    private Optional<Older<T>> older = Optional.empty();
    private boolean sentOlder;
    private final Optional<Watch> watch;
    private final CompletableFuture<Reply<T>> future = new CompletableFuture<>();
    private Origin origin = Origin.STAGED;
    private long queuedNanos;
    private long sentNanos;
    private int xid;

    /** What to ask instead of a server that does not know an extension. */
    private record Older<T>(int extension, Request request, Decoder<T> decoder) {}

    /** Makes a reply of what the server said; throws WireException if it is malformed. */
    @FunctionalInterface
    interface Decoder<T> {
        Reply<T> decode(Call<T> call, ReplyHeader header, Reader body);
    }

    Call(Request request, String path, boolean throughLeader, Optional<Watch> watch, Decoder<T> decoder) {
        this.request = request;
        this.path = path;
        this.frame = frame(0, request);
        this.throughLeader = throughLeader;
        this.watch = watch;
        this.decoder = decoder;
    }

    /** Asks this instead if the server it is sent to does not know one of {@link Extensions}. */
    Call<T> orWithout(int extension, Request request, Decoder<T> decoder) {
        older = Optional.of(new Older<>(extension, request, decoder));
        return this;
    }

    /** A decoder that gives a value where there is no error, and a refusal where there is. */
    static <T> Decoder<T> valueOf(Function<? super Response, ? extends T> value) {
        return (call, header, body) -> header.err() != 0
                ? call.refused(header)
                : new Reply.Ok<>(value.apply(Response.read(call.sent().opCode(), body)), header.zxid());
    }

    /** A request as a frame. */
    static byte[] frame(int xid, Request request) {
        var w = new Writer(FRAME_BYTES);
        w.writeInt(0);
        w.writeInt(xid);
        w.writeInt(request.opCode());
        request.write(w);
        w.setInt(0, w.length() - 4);
        return w.toByteArray();
    }

    /** A thread waits for it: completed at once, not in the order of callbacks. */
    Call<T> awaited() {
        origin = Origin.AWAITED;
        return this;
    }

    /** The client itself made it: outside the bounds, completed for nobody. */
    Call<T> internal() {
        origin = Origin.INTERNAL;
        return this;
    }

    boolean isAwaited() {
        return origin == Origin.AWAITED;
    }

    boolean isInternal() {
        return origin == Origin.INTERNAL;
    }

    Reply<T> refused(ReplyHeader header) {
        return new Reply.Refused<>(ErrorCode.of(header.err()), path, 0, header.zxid());
    }

    /**
     * The frame to send now under this xid.
     *
     * @param protocolVersion what the server has answered to the handshake
     */
    byte[] sendAs(int number, long nowNanos, int protocolVersion) {
        xid = number;
        sentNanos = nowNanos;
        sentOlder = older.isPresent()
                && !Extensions.has(protocolVersion, older.get().extension());
        if (sentOlder) {
            return frame(number, sent());
        }
        for (int i = 0; i < 4; i++) {
            frame[XID_AT + i] = (byte) (number >>> (24 - 8 * i));
        }
        return frame;
    }

    private Request sent() {
        return sentOlder ? older.orElseThrow().request() : request;
    }

    Reply<T> decode(ReplyHeader header, Reader body) {
        return (sentOlder ? older.orElseThrow().decoder() : decoder).decode(this, header, body);
    }

    /** The watch that this reply sets, if any: one on a znode that is not there waits for it to come. */
    Optional<Watch> watchSetBy(Reply<T> reply) {
        return switch (reply) {
            case Reply.Refused<T> _ -> Optional.empty();
            case Reply.Ok<T>(Optional<?> stat, long _)
            when stat.isEmpty() -> watch.map(w -> new Watch(WatchKind.EXIST, w.serverPath(), w.watcher()));
            case Reply.Ok<T> _ -> watch;
        };
    }

    /** Whether an accepted reply proves that the leader heard from the session after the request was sent. */
    boolean isThroughLeader() {
        return throughLeader;
    }

    boolean hasWatch() {
        return watch.isPresent();
    }

    boolean isClose() {
        return request.opCode() == OpCode.CLOSE_SESSION;
    }

    int bytes() {
        return frame.length;
    }

    int xid() {
        return xid;
    }

    long sentNanos() {
        return sentNanos;
    }

    long queuedNanos() {
        return queuedNanos;
    }

    void queuedAt(long nowNanos) {
        queuedNanos = nowNanos;
    }

    CompletableFuture<Reply<T>> future() {
        return future;
    }

    /** For messages. */
    String what() {
        return OpCode.name(request.opCode()) + (path.isEmpty() ? "" : " " + path);
    }
}
