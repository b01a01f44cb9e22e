package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the two ports where other servers come in. It moves when the members say that this server is elsewhere; links that
 * stand stay. Owned by the core's event loop.
 */
final class PeerListener {
    private static final Logger LOG = LoggerFactory.getLogger(PeerListener.class);
    private static final long RETRY_SECONDS = 1;

    private final EventLoop loop;
    private final PeerTransport transport;
    private final String what; // comes in here
    private final boolean onAllHosts;
    private final Consumer<Channel> init;
    private Channel server;
    private @Nullable Address told; // where the members say that we are; null until they do
    private boolean moving;
    private boolean closed;

    /**
     * Listens.
     *
     * @throws IOException if it cannot be done there; says where
     */
    PeerListener(
            EventLoop loop,
            PeerTransport transport,
            InetSocketAddress address,
            boolean onAllHosts,
            String what,
            Consumer<Channel> init)
            throws IOException {
        this.loop = loop;
        this.transport = transport;
        this.what = what;
        this.onAllHosts = onAllHosts;
        this.init = init;
        this.server = transport.listen(address, what, init);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** The members say that this server is there. The first address told is where it listens from the start. */
    void told(Address address) {
        boolean isMove = told != null && !told.equals(address);
        told = address;
        if (isMove && !moving) move(address);
    }

    private void move(Address to) {
        if (closed) return;
        moving = true;
        if (onAllHosts) bind(to, new InetSocketAddress(to.port()));
        else transport.resolve(to, at -> bind(to, at), cause -> again(to, cause));
    }

    /** The same port of another host can often be had only when it is free. */
    private void bind(Address to, InetSocketAddress at) {
        if (closed) return;
        Channel before = server;
        if (at.equals(address())) arrived(to, before);
        else if (at.getPort() != address().getPort()) bindBeside(to, at, before);
        else {
            var _ = before.close().addListener(done -> bindBeside(to, at, before));
        }
    }

    private void bindBeside(Address to, InetSocketAddress at, Channel before) {
        var binding = transport.bind(at, init);
        var _ = binding.addListener(done -> {
            if (!done.isSuccess()) {
                again(to, done.cause());
                return;
            }
            var _ = (closed ? binding.channel() : before).close();
            arrived(to, binding.channel());
        });
    }

    private void arrived(Address at, Channel now) {
        server = now;
        moving = false;
        LOG.info("listening for {} at {}", what, now.localAddress());
        Address next = told;
        if (next != null && !next.equals(at)) move(next);
    }

    private void again(Address to, Throwable cause) {
        if (closed) return;
        LOG.warn("cannot listen for {} at {}; trying again: {}", what, to, cause.toString());
        var _ = loop.schedule(() -> move(told == null ? to : told), RETRY_SECONDS, TimeUnit.SECONDS);
    }

    void close() {
        closed = true;
        var _ = server.close();
    }
}
