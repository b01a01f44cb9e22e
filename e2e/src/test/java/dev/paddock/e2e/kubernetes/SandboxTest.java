package dev.paddock.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a lab takes nothing of the machine, and leaves nothing on it. */
class SandboxTest {
    @BeforeEach
    void needRoot() {
        Optional<String> obstacle = OneNode.obstacleOfMachine();
        assumeTrue(obstacle.isEmpty(), () -> "no Kubernetes: " + obstacle.orElseThrow());
    }

    @Test
    void allThatRunsInItEndsWithIt() throws Exception {
        Place place = Place.claim();
        Process inside;
        try (Sandbox sandbox = Sandbox.open(place)) {
            inside = new ProcessBuilder(
                            sandbox.inside("bash", "-c", "trap '' TERM INT HUP; while :; do sleep 100; done"))
                    .start();
            assertThat(NetworkInterface.getByName(place.cable())).isNotNull();
            assertThat(Sandbox.run(sandbox.inside("ip", "-brief", "address", "show", "cni0")))
                    .contains(place.pods() + ".1/24");
            assertThat(inside.isAlive()).isTrue();
        }
        assertThat(inside.waitFor(60, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(NetworkInterface.getByName(place.cable())).isNull());
        place.close();
        assertThat(place.folder()).doesNotExist();
        assertThat(place.groups())
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group).doesNotExist());
    }

    @Test
    void theMachinesOwnSettingsAndFoldersStay() throws Exception {
        Path panic = Path.of("/proc/sys/kernel/panic");
        String before = Files.readString(panic);
        try (Place place = Place.claim();
                Sandbox sandbox = Sandbox.open(place)) {
            Sandbox.run(sandbox.inside("bash", "-c", "echo 7 >/proc/sys/kernel/panic"));
            Sandbox.run(sandbox.inside("touch", "/run/paddock-lab-was-here", "/var/log/paddock-lab-was-here"));
            assertThat(place.folder().resolve("log/paddock-lab-was-here")).exists();
        }
        assertThat(Files.readString(panic)).isEqualTo(before);
        assertThat(Path.of("/run/paddock-lab-was-here")).doesNotExist();
        assertThat(Path.of("/var/log/paddock-lab-was-here")).doesNotExist();
    }

    /** As a lab in a container leaves it that did not start whole. */
    @Test
    void routesThatAnotherLeftLeadHere() throws Exception {
        try (Place place = Place.claim()) {
            String pods = place.pods() + ".0/24";
            Sandbox.run(List.of("ip", "route", "replace", "blackhole", pods));
            try (Sandbox _ = Sandbox.open(place)) {
                assertThat(Sandbox.run(List.of("ip", "route", "show", pods)).lines())
                        .singleElement()
                        .asString()
                        .contains(place.cable());
            }
        }
    }

    @Test
    void severalHaveNetworksOfTheirOwn() throws Exception {
        try (Place first = Place.claim();
                Place second = Place.claim();
                Sandbox one = Sandbox.open(first);
                Sandbox other = Sandbox.open(second)) {
            assertThat(second.pods()).isNotEqualTo(first.pods());
            assertThat(Sandbox.run(one.inside("ip", "-brief", "address", "show", "cni0")))
                    .contains(first.pods() + ".1/24");
            assertThat(Sandbox.run(other.inside("ip", "-brief", "address", "show", "cni0")))
                    .contains(second.pods() + ".1/24");
        }
    }
}
