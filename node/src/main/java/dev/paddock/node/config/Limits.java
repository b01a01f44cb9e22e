package dev.paddock.node.config;

import dev.paddock.node.front.Throttling;
import dev.paddock.node.session.ConnectionThrottling;

/**
 * How much all clients together may ask of this server.
 *
 * @param maxCnxns                 connections of all clients; 0 is unlimited
 * @param listenBacklog            connections that wait to be accepted; -1 is our own choice
 * @param sessionlessTimeoutMillis from a connection to its first request
 * @param tcpKeepAlive             whether the kernel looks after silent connections of clients
 * @param throttling               what the client loops share
 */
public record Limits(
        int maxCnxns, int listenBacklog, int sessionlessTimeoutMillis, boolean tcpKeepAlive, Throttling throttling) {
    private static final int ANY_MIN = Integer.MIN_VALUE;
    private static final int ANY_MAX = Integer.MAX_VALUE;

    static Limits read(Settings s) throws ConfigException {
        return new Limits(
                Math.max(0, s.integer("maxCnxns", 0, ANY_MIN, ANY_MAX)),
                s.integer("clientPortListenBacklog", -1, -1, ANY_MAX),
                s.integer("nio.sessionlessCnxnTimeout", 10_000, 1, ANY_MAX),
                s.flag("clientTcpKeepAlive", false),
                throttling(s));
    }

    private static Throttling throttling(Settings s) throws ConfigException {
        Throttling d = Throttling.DEFAULT;
        int largeFrom = either(s, "largeRequestThreshold", "large_request_threshold", d.largeFrom());
        int largeBytes = either(s, "largeRequestMaxBytes", "large_request_max_bytes", d.largeBytesMax());
        return new Throttling(
                s.integer("globalOutstandingLimit", d.outstandingMax(), 0, ANY_MAX),
                Math.max(0, s.integer("request_throttle_max_requests", d.inProcessMax(), ANY_MIN, ANY_MAX)),
                s.integer("request_throttle_stall_time", d.stallMillis(), 1, ANY_MAX),
                s.flag("request_throttle_drop_stale", d.dropsStale()),
                s.flag("request_stale_connection_check", d.isStaleIfGone()),
                s.flag("request_stale_latency_check", d.isStaleIfLate()),
                Math.max(0, s.integer("throttled_op_wait_time", d.waitMillisMax(), ANY_MIN, ANY_MAX)),
                largeFrom > 0 ? largeFrom : d.largeFrom(),
                largeBytes > 0 ? largeBytes : d.largeBytesMax(),
                connections(s));
    }

    /** The first is the property of the code, the second the name in the manual. */
    private static int either(Settings s, String key, String manualKey, int absent) throws ConfigException {
        return s.integer(key, s.integer(manualKey, absent, ANY_MIN, ANY_MAX), ANY_MIN, ANY_MAX);
    }

    /** With weights, the numbers of tokens in the configuration are meant for global sessions, as in Apache ZooKeeper. */
    private static ConnectionThrottling connections(Settings s) throws ConfigException {
        ConnectionThrottling off = ConnectionThrottling.OFF;
        boolean weighed = s.flag("connection_throttle_weight_enabled", false);
        int local = weight(s, "local", 1);
        int global = Math.max(local, weight(s, "global", 3));
        int renewal = Math.max(local, weight(s, "renew", 2));
        int factor = weighed ? global : 1;
        int newSession = s.bool("localSessionsEnabled", false) ? local : global;
        return new ConnectionThrottling(
                factor * s.integer("connection_throttle_tokens", off.tokensMax(), 0, ANY_MAX / factor),
                s.integer("connection_throttle_fill_time", off.fillMillis(), 1, ANY_MAX),
                factor * s.integer("connection_throttle_fill_count", off.fillCount(), 0, ANY_MAX / factor),
                s.integer("connection_throttle_freeze_time", off.freezeMillis(), -1, ANY_MAX),
                s.decimal("connection_throttle_drop_increase", off.dropIncrease(), 0, 1),
                s.decimal("connection_throttle_drop_decrease", off.dropDecrease(), 0, 1),
                s.decimal("connection_throttle_decrease_ratio", off.decreaseRatio(), 0, 1),
                weighed ? newSession : 1,
                weighed ? renewal : 1);
    }

    private static int weight(Settings s, String kind, int absent) throws ConfigException {
        int weight = s.integer("connection_throttle_" + kind + "_session_weight", absent, ANY_MIN, ANY_MAX);
        return weight > 0 ? weight : absent;
    }
}
