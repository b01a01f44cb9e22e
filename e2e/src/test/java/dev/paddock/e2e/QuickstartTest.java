package dev.paddock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises of {@code ./paddock up}. */
class QuickstartTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path state() {
        return folder.resolve("state");
    }

    @Test
    void locksConfigAndWatchesByCurl() throws Exception {
        try (PaddockUp up = PaddockUp.start(state())) {
            JsonNode lease = JSON.readTree(up.curl("/v1/locks/demo?wait=5s", "-X", "PUT"));
            assertThat(lease.path("lease").asText()).isNotEmpty();
            assertThat(Long.parseLong(lease.path("fencingToken").asText())).isPositive();

            String second = up.curl("/v1/locks/demo", "-X", "PUT", "-w", "\n%{http_code}");
            assertThat(second).endsWith("409").contains("holder");

            String release = "/v1/locks/demo?lease=" + lease.path("lease").asText();
            assertThat(up.curl(release, "-X", "DELETE", "-w", "%{http_code}")).isEqualTo("204");
            JsonNode next = JSON.readTree(up.curl("/v1/locks/demo", "-X", "PUT"));
            assertThat(Long.parseLong(next.path("fencingToken").asText()))
                    .isGreaterThan(Long.parseLong(lease.path("fencingToken").asText()));

            String greeting = up.curl("/v1/config/app/greeting");
            assertThat(greeting).contains("Paddock");
            watchShowsAnothersWrite(up);
            holdHoldsWhileTheStreamIsOpen(up);
        }
    }

    private void watchShowsAnothersWrite(PaddockUp up) throws Exception {
        try (Command watch = up.startCurl("/v1/config/app/greeting", "-H", "Accept: text/event-stream")) {
            await().atMost(PATIENCE).until(() -> watch.text().contains("Paddock"));
            ZooKeeper client = new ZooKeeper(up.connectString(), 20_000, event -> {});
            try {
                await().atMost(PATIENCE).until(() -> client.getState().isConnected());
                client.setData("/app/greeting", "changed elsewhere".getBytes(StandardCharsets.UTF_8), -1);
                await().atMost(PATIENCE).until(() -> watch.text().contains("changed elsewhere"));
            } finally {
                client.close();
            }
        }
    }

    private void holdHoldsWhileTheStreamIsOpen(PaddockUp up) throws Exception {
        try (Command hold = up.startCurl("/v1/locks/held/hold", "-X", "POST")) {
            await().atMost(PATIENCE).until(() -> hold.text().contains("granted"));
            assertThat(up.curl("/v1/locks/held", "-X", "PUT", "-w", "\n%{http_code}"))
                    .endsWith("409");
        }
        await().atMost(PATIENCE)
                .until(() -> up.curl("/v1/locks/held", "-X", "PUT", "-w", "\n%{http_code}")
                        .endsWith("200"));
    }

    @Test
    void ctrlCLeavesNothingBehindAndTheNextUpFindsTheData() throws Exception {
        int shift = PaddockUp.freeShift();
        List<ProcessHandle> processes;
        try (PaddockUp up = PaddockUp.start(state(), shift)) {
            up.curl("/v1/config/app/kept", "-X", "PUT", "-H", "Content-Type: application/json", "-d", "\"value\"");
            processes = up.descendants();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(4);
            up.stop();
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        try (PaddockUp again = PaddockUp.start(state(), shift)) {
            assertThat(again.curl("/v1/config/app/kept")).contains("value");
        }
    }

    @Test
    void killOfEverythingLosesNothing() throws Exception {
        int shift = PaddockUp.freeShift();
        try (PaddockUp up = PaddockUp.start(state(), shift)) {
            for (int i = 0; i < 20; i++) {
                String code = up.curl(
                        "/v1/config/app/k" + i,
                        "-X",
                        "PUT",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        "\"v" + i + "\"");
                assertThat(code).startsWith("20");
            }
            List<ProcessHandle> all = up.descendants();
            PaddockUp.kill9(up.command().pid());
            for (ProcessHandle each : all) PaddockUp.kill9(each.pid());
            await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(up.command().await(10)).isNotZero();
        }
        try (PaddockUp again = PaddockUp.start(state(), shift)) {
            for (int i = 0; i < 20; i++)
                assertThat(again.curl("/v1/config/app/k" + i)).contains("v" + i);
        }
    }

    @Test
    void refusalsAreOneLineAndStartNothing() throws Exception {
        int shift = PaddockUp.freeShift();
        Path wrong = folder.resolve("wrong.yaml");
        String quickstart = Files.readString(PaddockUp.ROOT.resolve("examples/quickstart.yaml"));
        Files.writeString(wrong, quickstart.replace("replicas:", "replica:"));
        try (PaddockUp refused = PaddockUp.launch(state(), shift, wrong)) {
            assertThat(refused.command().await(60)).isEqualTo(1);
            assertThat(refused.command().text()).contains("wrong.yaml:").contains("replicas");
            assertThat(refused.command().lines()).hasSize(1);
        }
        Path good = PaddockUp.ROOT.resolve("examples/quickstart.yaml");
        try (PaddockUp first = PaddockUp.start(state(), shift);
                PaddockUp sameState = PaddockUp.launch(state(), PaddockUp.freeShift(), good);
                PaddockUp samePorts = PaddockUp.launch(folder.resolve("other"), shift, good)) {
            assertThat(sameState.command().await(60)).isEqualTo(1);
            assertThat(sameState.command().lines()).hasSize(1);
            assertThat(samePorts.command().await(60)).isEqualTo(1);
            assertThat(samePorts.command().lines()).hasSize(1);
            assertThat(first.command().isRunning()).isTrue();
        }
    }
}
