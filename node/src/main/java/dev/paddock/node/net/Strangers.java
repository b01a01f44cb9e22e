package dev.paddock.node.net;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one port that have not said who they are: a bounded number, each for a bounded time. Owned by the core's event loop. */
final class Strangers {
    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
    private static final int MAX = 64;
    private static final long SECONDS_MAX = 10;

    private final Set<Channel> waiting = new HashSet<>(); // looked up, never iterated

    /** Lets one in, or closes it and says false. */
    boolean admit(Channel channel) {
        if (waiting.size() >= MAX) {
            LOG.debug("{} connections have not said who they are; refusing {}", MAX, channel.remoteAddress());
            var _ = channel.close();
            return false;
        }
        waiting.add(channel);
        var _ = channel.closeFuture().addListener(done -> introduced(channel));
        var _ = channel.eventLoop()
                .schedule(
                        () -> {
                            if (waiting.contains(channel)) {
                                var _ = channel.close();
                            }
                        },
                        SECONDS_MAX,
                        TimeUnit.SECONDS);
        return true;
    }

    /** It said who it is. */
    void introduced(Channel channel) {
        waiting.remove(channel);
    }
}
