package dev.paddock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paddock.cli.CommandFailed;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortCheckTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void namesWhoWantsThePortAndWhoHoldsIt() throws Exception {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var wanted = new Ports.Wanted(held.getLocalPort(), "the sidecar's API");
            assertThatThrownBy(() -> PortCheck.requireFree(List.of(wanted)))
                    .isInstanceOf(CommandFailed.class)
                    .hasMessageStartingWith(
                            "port " + held.getLocalPort() + " is wanted for the sidecar's API, but process "
                                    + ProcessHandle.current().pid() + " (java ")
                    .hasMessageEndingWith(" holds it");
        }
    }

    @Test
    void aFreePortIsNoReasonToStop() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        PortCheck.requireFree(List.of(new Ports.Wanted(free, "nobody")));
    }

    @Test
    void everyPortOfAnEnsembleIsLookedAt() {
        assertThat(new Ports(0).all(List.of(1, 2, 3)))
                .extracting(Ports.Wanted::port)
                .containsExactly(
                        2190, 2191, 2181, 21811, 28881, 38881, 8081, 21812, 28882, 38882, 8082, 21813, 28883, 38883,
                        8083);
    }
}
