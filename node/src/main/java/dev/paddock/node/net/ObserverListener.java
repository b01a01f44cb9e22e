package dev.paddock.node.net;

import dev.paddock.node.members.Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port of an observer master: open while this server serves observers, at the host that the members say is its own. Where it
 * cannot be had that is tried again; the server follows without it meanwhile. Owned by the core's event loop.
 */
final class ObserverListener {
    private static final Logger LOG = LoggerFactory.getLogger(ObserverListener.class);
    private static final long RETRY_SECONDS = 1;

    private final EventLoop loop;
    private final PeerTransport transport;
    private final boolean onAllHosts;
    private final Consumer<Channel> init;
    private @Nullable Address wanted; // null while nobody is to come in
    private @Nullable Channel server; // of the address that is wanted
    private long attempt; // what was begun for an earlier one comes too late

    ObserverListener(EventLoop loop, PeerTransport transport, boolean onAllHosts, Consumer<Channel> init) {
        this.loop = loop;
        this.transport = transport;
        this.onAllHosts = onAllHosts;
        this.init = init;
    }

    void listen(Address at) {
        if (at.equals(wanted)) return;
        close();
        wanted = at;
        bind(at, attempt);
    }

    private void bind(Address at, long of) {
        if (onAllHosts) bind(at, new InetSocketAddress(at.port()), of);
        else transport.resolve(at, resolved -> bind(at, resolved, of), cause -> again(at, cause, of));
    }

    private void bind(Address at, InetSocketAddress resolved, long of) {
        if (of != attempt) return;
        ChannelFuture binding = transport.bind(resolved, init);
        var _ = binding.addListener(done -> {
            if (done.isSuccess()) bound(binding.channel(), of);
            else again(at, done.cause(), of);
        });
    }

    private void bound(Channel channel, long of) {
        if (of != attempt) {
            var _ = channel.close();
            return;
        }
        server = channel;
        LOG.info("listening for observers at {}", channel.localAddress());
    }

    private void again(Address at, Throwable cause, long of) {
        if (of != attempt) return;
        LOG.warn("cannot listen for observers at {}; trying again: {}", at, cause.toString());
        var _ = loop.schedule(() -> bindIfWanted(at, of), RETRY_SECONDS, TimeUnit.SECONDS);
    }

    private void bindIfWanted(Address at, long of) {
        if (of == attempt) bind(at, of);
    }

    /** Links that stand stay. */
    void close() {
        attempt++;
        wanted = null;
        Channel before = server;
        server = null;
        if (before == null) return;
        var _ = before.close();
    }
}
