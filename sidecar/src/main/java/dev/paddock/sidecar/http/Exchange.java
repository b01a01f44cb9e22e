package dev.paddock.sidecar.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, on one virtual thread, which writes to the channel and blocks until the kernel took the bytes. */
final class Exchange implements EventSink {
    private static final long WRITE_SECONDS_MAX = 10;
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final Channel channel;
    private final Connection.Context context;
    private final @Nullable Request request; // null: answer `refusal`
    private final @Nullable Problem refusal;
    private final Runnable finished;
    private final Thread thread;
    private final long startedNanos = System.nanoTime();
    private boolean keepAlive;
    private String route = "none";

    private Exchange(
            Channel channel,
            Connection.Context context,
            @Nullable Request request,
            @Nullable Problem refusal,
            boolean keepAlive,
            Runnable finished) {
        this.channel = channel;
        this.context = context;
        this.request = request;
        this.refusal = refusal;
        this.keepAlive = keepAlive;
        this.finished = finished;
        this.thread = Thread.ofVirtual().name("http").unstarted(this::run);
    }

    /** @param finished called on the event loop when the next request may be answered */
    static Exchange of(
            Channel channel, Connection.Context context, Request request, boolean keepAlive, Runnable finished) {
        return new Exchange(channel, context, request, null, keepAlive, finished);
    }

    /** Says why a request cannot be understood, and closes. */
    static Exchange refusal(Channel channel, Connection.Context context, Problem problem, Runnable finished) {
        return new Exchange(channel, context, null, problem, false, finished);
    }

    void start() {
        thread.start();
    }

    /** The client is gone. */
    void interrupt() {
        thread.interrupt();
    }

    private void run() {
        try {
            answer(response());
        } catch (InterruptedException e) {
            keepAlive = false; // gone, or stopping: there is nobody to tell
        } catch (RuntimeException e) { // in a stream, or while answering: too late for a status
            log.error("{} failed", route, e);
            keepAlive = false;
        }
        if (!keepAlive) close();
        channel.eventLoop().execute(finished);
    }

    private Response response() throws InterruptedException {
        if (request == null) return Objects.requireNonNull(refusal).response();
        try {
            Router.Match match = context.router().match(request);
            route = match.route().template();
            return match.route().handler().handle(match.request());
        } catch (Refused e) {
            return e.problem().response();
        } catch (RuntimeException e) {
            log.error("{} {} failed", request.method(), route, e);
            return Problem.passing(500, "internal-error", "the sidecar's log says more")
                    .response();
        }
    }

    private void answer(Response response) throws InterruptedException {
        switch (response) {
            case Response.Full full -> full(full);
            case Response.Events(EventStream stream) -> {
                try (stream) {
                    events(stream);
                }
            }
        }
    }

    private void full(Response.Full full) throws InterruptedException {
        var message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(full.status()), Unpooled.wrappedBuffer(full.body()));
        HttpHeaders headers = message.headers();
        common(headers);
        if (!full.type().isEmpty()) headers.set(HttpHeaderNames.CONTENT_TYPE, full.type());
        if (full.status() != 204 && full.status() != 304)
            headers.set(HttpHeaderNames.CONTENT_LENGTH, full.body().length);
        for (Map.Entry<String, String> header : full.headers().entrySet())
            headers.set(header.getKey(), header.getValue());
        if (!keepAlive) headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        write(message);
        report(full.status());
    }

    private void events(EventStream stream) throws InterruptedException {
        keepAlive = false;
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        common(head.headers());
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        write(head);
        report(200);
        boolean headOnly = request != null && request.method().equals("HEAD");
        if (!headOnly) stream.run(this);
        write(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private static void common(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store").set("X-Content-Type-Options", "nosniff");
    }

    private void report(int status) {
        String method = request == null ? "none" : request.method();
        context.log().answered(method, route, status, System.nanoTime() - startedNanos);
    }

    @Override
    public void send(Event event) throws InterruptedException {
        write(new DefaultHttpContent(Unpooled.wrappedBuffer(event.frame())));
    }

    @Override
    public void heartbeat() throws InterruptedException {
        write(new DefaultHttpContent(Unpooled.wrappedBuffer(Event.HEARTBEAT)));
    }

    /** Waits until the kernel took the bytes, so a slow reader slows this thread, and one that does not read at all is cut. */
    private void write(Object message) throws InterruptedException {
        ChannelFuture written = channel.writeAndFlush(message);
        if (!written.await(WRITE_SECONDS_MAX, TimeUnit.SECONDS)) {
            close();
            throw new InterruptedException("the client does not read");
        }
        if (!written.isSuccess()) throw new InterruptedException("the client is gone");
    }

    private void close() {
        var _ = channel.close();
    }
}
