package dev.paddock.sidecar.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection: bytes of requests in, one {@link Exchange} at a time out. All fields belong to the event loop. Requests
 * sent ahead of answers wait here; too many, and the connection is closed. When the connection ends, the exchange that runs is
 * interrupted, so whatever it waited for is given up.
 */
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    /** A config value of a megabyte as base64 in JSON fits. */
    static final int BODY_BYTES_MAX = 1536 * 1024;

    private static final int WAITING_MAX = 16;
    private static final long REQUEST_SECONDS_MAX = 10;
    private static final long IDLE_SECONDS_MAX = 120;
    private static final Logger log = LoggerFactory.getLogger(Connection.class);

    /** What all connections of a server share. */
    record Context(Guard guard, Router router, RequestLog log) {}

    /** A request read whole, or what to say instead of routing it. */
    private sealed interface Received {
        record Whole(Request request, boolean keepAlive) implements Received {}

        record Broken(Problem problem) implements Received {}
    }

    private final Context context;
    private final Set<Connection> open;
    private final int openMax;
    private final Deque<Received> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable Channel channel;
    private @Nullable HttpRequest head; // of the request whose body is being read
    private String target = "";
    private boolean broken; // nothing after this is read
    private boolean reading; // a request has begun and is not complete
    private @Nullable Exchange running;
    private @Nullable Future<?> deadline;

    Connection(Context context, Set<Connection> open, int openMax) {
        this.context = context;
        this.open = open;
        this.openMax = openMax;
    }

    /** Sees raw bytes before the codec, so that a head sent byte by byte is timed as well. */
    ChannelInboundHandler firstByte() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (!reading) {
                    reading = true;
                    if (running == null) limit(REQUEST_SECONDS_MAX);
                }
                ctx.fireChannelRead(msg);
            }
        };
    }

    /** Ends the connection, from any thread. */
    void close() {
        Channel current = channel;
        if (current != null) {
            var _ = current.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        open.add(this);
        limit(IDLE_SECONDS_MAX);
        if (open.size() > openMax)
            fail(Problem.passing(503, "too-many-connections", "at most " + openMax + " connections are served"));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        open.remove(this);
        if (deadline != null) deadline.cancel(false);
        waiting.clear();
        broken = true;
        if (running != null) running.interrupt();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("connection closed", cause);
        var _ = ctx.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (broken) return;
        DecoderResult decoded = message.decoderResult();
        if (decoded.isFailure()) {
            fail(undecodable(decoded.cause()));
            return;
        }
        try {
            if (message instanceof HttpRequest request) begin(ctx, request);
            if (message instanceof HttpContent content) append(content);
            if (message instanceof LastHttpContent) complete();
        } catch (Refused e) {
            fail(e.problem());
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        target = context.guard().check(request.method(), request.protocolVersion(), request.uri(), request.headers());
        if (HttpUtil.getContentLength(request, 0L) > BODY_BYTES_MAX) throw new Refused(tooLarge());
        if (HttpUtil.is100ContinueExpected(request)) {
            var _ = ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        head = request;
        body.reset();
    }

    private void append(HttpContent content) {
        int length = content.content().readableBytes();
        if (body.size() + length > BODY_BYTES_MAX) throw new Refused(tooLarge());
        byte[] bytes = new byte[length];
        content.content().readBytes(bytes);
        body.writeBytes(bytes);
    }

    private void complete() {
        HttpRequest complete = Objects.requireNonNull(head, "a body without a head");
        head = null;
        reading = false;
        var request =
                new Request(complete.method().name(), Target.parse(target), complete.headers(), body.toByteArray());
        body.reset();
        enqueue(new Received.Whole(request, HttpUtil.isKeepAlive(complete)));
    }

    /** Answers a request that cannot be understood, after those before it, and reads no more. */
    private void fail(Problem problem) {
        broken = true;
        enqueue(new Received.Broken(problem));
    }

    private void enqueue(Received received) {
        waiting.add(received);
        if (waiting.size() > WAITING_MAX) close();
        else if (running == null) next();
    }

    private void next() {
        Received received = waiting.poll();
        if (received == null) {
            limit(reading ? REQUEST_SECONDS_MAX : IDLE_SECONDS_MAX);
            return;
        }
        if (deadline != null) deadline.cancel(false);
        Channel current = Objects.requireNonNull(channel, "not active");
        running = switch (received) {
            case Received.Whole(Request request, boolean keepAlive) ->
                Exchange.of(current, context, request, keepAlive, this::finished);
            case Received.Broken(Problem problem) -> Exchange.refusal(current, context, problem, this::finished);
        };
        running.start();
    }

    private void finished() {
        running = null;
        if (channel != null && channel.isActive()) next();
    }

    private void limit(long seconds) {
        if (deadline != null) deadline.cancel(false);
        Channel current = Objects.requireNonNull(channel, "not active");
        deadline = current.eventLoop().schedule(this::overdue, seconds, TimeUnit.SECONDS);
    }

    private void overdue() {
        if (running != null) return;
        if (reading && !broken)
            fail(Problem.passing(408, "request-timeout", "the request took longer than 10 seconds"));
        else close();
    }

    private static Problem tooLarge() {
        return Problem.mistake(413, "body-too-large", "a body holds at most " + BODY_BYTES_MAX + " bytes");
    }

    private static Problem undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> Problem.mistake(414, "target-too-long", "the request line is too long");
            case TooLongHttpHeaderException _ -> Problem.mistake(431, "headers-too-large", "the headers are too large");
            default -> Problem.mistake(400, "bad-request", "this is no HTTP/1.1 request");
        };
    }
}
