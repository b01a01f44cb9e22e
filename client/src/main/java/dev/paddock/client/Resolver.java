package dev.paddock.client;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks names up anew for every attempt: in a cluster a name may come late, and its address changes when its pod does. How long Java itself keeps an
 * answer is the security property {@code networkaddress.cache.ttl} and, for names not found, {@code networkaddress.cache.negative.ttl}. Owned by the
 * event loop thread; the lookup, which blocks, has a thread of its own, at most one for each name.
 */
final class Resolver {
    private static final Logger log = LoggerFactory.getLogger(Resolver.class);

    private final EventLoop loop;
    private final Set<String> underWay = new HashSet<>();

    Resolver(EventLoop loop) {
        this.loop = loop;
    }

    /** Gives one address of the host, a random one of several, or why there is none; on the event loop, maybe at once. */
    void resolve(String host, Consumer<InetAddress> found, Consumer<Exception> failed) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            answer(() -> InetAddress.getByAddress(host, literal), found, failed);
        } else if (underWay.add(host)) {
            Thread.ofPlatform().daemon().name("paddock-resolve-" + host).start(() -> lookUp(host, found, failed));
        } else {
            failed.accept(new UnknownHostException("still looking up " + host));
        }
    }

    private void lookUp(String host, Consumer<InetAddress> found, Consumer<Exception> failed) {
        Lookup lookup = lookUp(host);
        try {
            loop.execute(() -> {
                underWay.remove(host);
                answer(lookup, found, failed);
            });
        } catch (RejectedExecutionException e) {
            log.debug("looked up {} for a client that has ended: {}", host, e.toString());
        }
    }

    private static Lookup lookUp(String host) {
        try {
            InetAddress[] all = InetAddress.getAllByName(host);
            InetAddress one = all[ThreadLocalRandom.current().nextInt(all.length)];
            return () -> one;
        } catch (UnknownHostException e) {
            return () -> {
                throw e;
            };
        }
    }

    private static void answer(Lookup lookup, Consumer<InetAddress> found, Consumer<Exception> failed) {
        InetAddress address;
        try {
            address = lookup.get();
        } catch (UnknownHostException e) {
            failed.accept(e);
            return;
        }
        found.accept(address);
    }

    /** An answer, good or bad. */
    @FunctionalInterface
    private interface Lookup {
        InetAddress get() throws UnknownHostException;
    }
}
