package dev.paddock.node.front;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes those who guess passwords wait: the failed proofs of each address, lately. Some are free, so that a client with a
 * wrong password hears of it at once; beyond those, each leaves its connection unread for a while. Nobody is locked out.
 */
final class Guesses {
    static final int FREE = 10; // and one more each second
    static final long WAIT_NANOS = 1_000_000_000;
    private static final int ADDRESSES_MAX = 1_000; // the one that failed longest ago is forgotten

    /** Address to the time at which all its failures are forgiven; the latest to fail comes last. */
    private final Map<String, Long> forgiven = new LinkedHashMap<>();

    /** Connections that wait, in the order of the ends of their waits. */
    private final ArrayDeque<Connection> waiting = new ArrayDeque<>();

    /** Notes a failed proof; its connection may have to wait then. */
    void failed(Connection c, long nowNanos) {
        Long before = forgiven.remove(c.ip);
        long until = (before == null || before < nowNanos ? nowNanos : before) + WAIT_NANOS;
        forgiven.put(c.ip, until);
        if (forgiven.size() > ADDRESSES_MAX) {
            Iterator<String> oldest = forgiven.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        if (until - nowNanos > FREE * WAIT_NANOS) await(c, nowNanos);
    }

    /** Before a password is looked at: who has failed too often waits even with the right one. */
    void awaitIfFailed(Connection c, long nowNanos) {
        Long until = forgiven.get(c.ip);
        if (until != null && until - nowNanos > FREE * WAIT_NANOS) await(c, nowNanos);
    }

    private void await(Connection c, long nowNanos) {
        if (c.waits) return;
        c.waits = true;
        c.waitsUntilNanos = nowNanos + WAIT_NANOS;
        waiting.addLast(c);
    }

    /** Time has passed: goes on reading from those that have waited. */
    void letGo(ClientLoop loop) {
        while (!waiting.isEmpty() && waiting.getFirst().waitsUntilNanos - loop.nowNanos <= 0) {
            Connection c = waiting.removeFirst();
            c.waits = false;
            loop.resumeIfRoom(c);
        }
    }
}
