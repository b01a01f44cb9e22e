package dev.paddock.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.front.Throttling;
import dev.paddock.node.session.ConnectionThrottling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {
    @TempDir
    Path folder;

    private Limits read(String... lines) throws Exception {
        Path file = folder.resolve("zoo.cfg");
        Files.write(file, java.util.List.of(lines));
        return Limits.read(new Settings(PropertiesFile.read(file), new Properties()));
    }

    @Test
    void defaultsAreApaches() throws Exception {
        assertThat(read()).isEqualTo(new Limits(0, -1, 10_000, false, Throttling.DEFAULT));
    }

    @Test
    void readsEveryKey() throws Exception {
        Limits limits = read(
                "maxCnxns=9",
                "clientPortListenBacklog=7",
                "nio.sessionlessCnxnTimeout=500",
                "clientTcpKeepAlive=true",
                "globalOutstandingLimit=11",
                "request_throttle_max_requests=12",
                "request_throttle_stall_time=13",
                "request_throttle_drop_stale=false",
                "request_stale_connection_check=false",
                "request_stale_latency_check=true",
                "throttled_op_wait_time=14",
                "largeRequestThreshold=15",
                "largeRequestMaxBytes=16",
                "connection_throttle_tokens=17",
                "connection_throttle_fill_time=18",
                "connection_throttle_fill_count=19",
                "connection_throttle_freeze_time=20",
                "connection_throttle_drop_increase=0.5",
                "connection_throttle_drop_decrease=0.25",
                "connection_throttle_decrease_ratio=0.125");
        var connections = new ConnectionThrottling(17, 18, 19, 20, 0.5, 0.25, 0.125, 1, 1);
        var throttling = new Throttling(11, 12, 13, false, false, true, 14, 15, 16, connections);
        assertThat(limits).isEqualTo(new Limits(9, 7, 500, true, throttling));
    }

    @Test
    void weightsCountInTokensOfGlobalSessions() throws Exception {
        ConnectionThrottling c = read(
                        "connection_throttle_tokens=10",
                        "connection_throttle_fill_count=2",
                        "connection_throttle_weight_enabled=true")
                .throttling()
                .connections();
        assertThat(c.tokensMax()).isEqualTo(30);
        assertThat(c.fillCount()).isEqualTo(6);
        assertThat(c.newSessionTokens()).isEqualTo(3);
        assertThat(c.renewalTokens()).isEqualTo(2);
        assertThat(read("connection_throttle_weight_enabled=true", "localSessionsEnabled=true")
                        .throttling()
                        .connections()
                        .newSessionTokens())
                .isEqualTo(1);
    }

    @Test
    void valuesThatMakeNoSenseAreTheDefaults() throws Exception {
        Limits limits = read("maxCnxns=-1", "largeRequestThreshold=0", "largeRequestMaxBytes=-3");
        assertThat(limits).isEqualTo(new Limits(0, -1, 10_000, false, Throttling.DEFAULT));
    }
}
