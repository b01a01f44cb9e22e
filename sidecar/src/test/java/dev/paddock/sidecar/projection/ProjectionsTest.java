package dev.paddock.sidecar.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Op;
import dev.paddock.sidecar.ApacheServer;
import dev.paddock.sidecar.Http;
import dev.paddock.sidecar.Sidecar;
import dev.paddock.sidecar.Sidecars;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectionsTest {
    private ApacheServer server;
    private Client client;

    @TempDir
    Path folder;

    @BeforeEach
    void start(@TempDir Path data) {
        server = ApacheServer.start(data);
        client = Client.builder(server.address()).start();
        client.connected().join();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aSubtreeBecomesFilesAndThePodStartsAfterThat() throws Exception {
        Path files = folder.resolve("app");
        try (Sidecar sidecar = Sidecars.start(
                Sidecars.config(server.address()).withProjections(List.of(Projection.parse("/app=" + files))))) {
            Http admin = new Http(sidecar.adminPort());
            await().untilAsserted(() ->
                    assertThat(admin.get("/health/started").text()).contains("there is no /app yet"));
            assertThat(admin.get("/health/started").status()).isEqualTo(503);

            create("/app", "");
            create("/app/greeting", "hello");
            create("/app/web", "own");
            create("/app/web/port", "80");
            create("/app/..data", "not a file");
            await().ignoreException(NoSuchFileException.class)
                    .until(() -> read(files)
                            .equals(new TreeMap<>(Map.of("greeting", "hello", "web/.value", "own", "web/port", "80"))));
            await().untilAsserted(() ->
                    assertThat(admin.get("/health/started").status()).isEqualTo(200));
            assertThat(Files.getPosixFilePermissions(files.resolve("greeting")))
                    .hasToString("[OWNER_READ, OWNER_WRITE, GROUP_READ, OTHERS_READ]")
                    .hasSize(4);

            client.delete("/app/greeting", -1).join();
            create("/app/other", "x");
            await().ignoreException(NoSuchFileException.class)
                    .until(() -> read(files)
                            .equals(new TreeMap<>(Map.of("other", "x", "web/.value", "own", "web/port", "80"))));
            assertThat(Files.exists(files.resolve("greeting"), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
            try (Stream<Path> listed = Files.list(files)) {
                assertThat(listed.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("..files")))
                        .as("old files do not pile up")
                        .hasSize(1);
            }
        }
        assertThat(read(files)).as("files stay behind").isNotEmpty();
    }

    /** A reader that opens both through the folder's one link sees one transaction or the other. */
    @Test
    void filesOfOneTransactionChangeTogether() throws Exception {
        Path files = folder.resolve("app");
        create("/app", "");
        create("/app/a", "0");
        create("/app/b", "0");
        try (Sidecar _ = Sidecars.start(
                Sidecars.config(server.address()).withProjections(List.of(Projection.parse("/app=" + files))))) {
            await().until(() -> Files.exists(files.resolve("b")));
            List<String> torn = new ArrayList<>();
            for (int i = 1; i <= 50; i++) {
                byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                client.multi(List.of(new Op.SetData("/app/a", value, -1), new Op.SetData("/app/b", value, -1)))
                        .join()
                        .value();
                for (int look = 0; look < 20; look++) {
                    Path now = files.resolve(Files.readSymbolicLink(files.resolve("..data")));
                    try {
                        String a = Files.readString(now.resolve("a"));
                        String b = Files.readString(now.resolve("b"));
                        if (!a.equals(b)) torn.add(a + " " + b);
                    } catch (NoSuchFileException _) { // replaced meanwhile
                    }
                }
            }
            await().until(() -> Files.readString(files.resolve("a")).equals("50"));
            await().until(() -> Files.readString(files.resolve("b")).equals("50"));
            assertThat(torn).as("states that never were").isEmpty();
        }
    }

    @Test
    void malformedProjectionsAreRefused() {
        for (String bad :
                List.of("", "/app", "app=/etc", "/app/=/etc", "/app=etc", "/zookeeper/x=/etc", "/paddock=/x")) {
            assertThatThrownBy(() -> Projection.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Sidecars.config("h:1")
                        .withProjections(List.of(Projection.parse("/a=/etc/x"), Projection.parse("/b=/etc/x/y"))))
                .hasMessage("two projections share a folder: /etc/x/y and /etc/x");
    }

    private void create(String path, String value) {
        client.create(path, value.getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT)
                .join()
                .value();
    }

    /** What a program sees that walks the folder as a volume: links followed, names of two dots left out. */
    private static Map<String, String> read(Path files) throws Exception {
        Map<String, String> seen = new TreeMap<>();
        if (!Files.exists(files)) return seen;
        try (Stream<Path> top = Files.list(files)) {
            for (Path entry : top.filter(path -> !path.getFileName().toString().startsWith(".."))
                    .toList()) {
                try (Stream<Path> all = Files.walk(entry.toRealPath())) {
                    for (Path file : all.filter(Files::isRegularFile).toList()) {
                        String below = entry.toRealPath().relativize(file).toString();
                        String name = entry.getFileName() + (below.isEmpty() ? "" : "/" + below);
                        seen.put(name, Files.readString(file));
                    }
                }
            }
        }
        return seen;
    }
}
