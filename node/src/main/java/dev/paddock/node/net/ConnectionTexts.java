package dev.paddock.node.net;

import dev.paddock.node.front.ConnectionStats;
import java.util.List;

/** How {@code cons} and {@code stat} show connections, in the layout of Apache ZooKeeper 3.9.5. */
final class ConnectionTexts {
    private ConnectionTexts() {}

    /** A line for each connection; {@code stat} shows them in brief. */
    static String list(List<ConnectionStats> connections, boolean brief) {
        var text = new StringBuilder();
        for (ConnectionStats c : connections) {
            text.append(' ').append(c.address());
            text.append('[').append(c.isReading() ? 1 : 0).append(']');
            text.append("(queued=").append(c.queued());
            text.append(",recved=").append(c.received());
            text.append(",sent=").append(c.sent());
            if (!brief && c.sessionId() != 0) {
                session(text, c);
            }
            text.append(")\n");
        }
        return text.toString();
    }

    private static void session(StringBuilder text, ConnectionStats c) {
        text.append(",sid=0x").append(Long.toHexString(c.sessionId()));
        text.append(",lop=").append(c.lastOperation().orElse("null"));
        text.append(",est=").append(c.establishedMillis());
        text.append(",to=").append(c.timeoutMillis());
        if (c.lastXid() >= 0) {
            text.append(",lcxid=0x").append(Integer.toHexString(c.lastXid()));
        }
        text.append(",lzxid=0x").append(Long.toHexString(c.lastZxid()));
        text.append(",lresp=").append(c.lastAnswerNanos() / 1_000_000);
        text.append(",llat=").append(c.latencyMillisLast());
        text.append(",minlat=").append(c.latencyMillisMin());
        text.append(",avglat=").append(c.latencyMillisMean());
        text.append(",maxlat=").append(c.latencyMillisMax());
    }
}
