package dev.paddock.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with limits, Apache's and ours: who comes to one is told the same by both. */
class LimitsSideBySideTest {
    private static final int FRAME_BYTES_MAX = 1_048_575; // jute.maxbuffer, where nothing is said of it
    private static final int MANY = 3_000;
    private static final Step.Hello HELLO = new Step.Hello(0, 0, 100_000, Step.Password.RIGHT, 0);

    @TempDir
    Path folder;

    private interface Story {
        void tell(Teller teller) throws IOException;
    }

    /** Opens connections to one side and writes down what they hear. */
    private record Teller(Ensemble servers, List<Long> sessions, List<String> said) {
        Client open() throws IOException {
            var client = new Client(servers.connect(0, null));
            client.hello(HELLO, 0, new byte[16], masks(), this::say);
            if (client.sessionId != 0) sessions.add(client.sessionId);
            return client;
        }

        void ask(Client client, List<Ask> asks) throws IOException {
            client.sendOnly(asks, 0);
            client.hear(asks.size(), masks(), this::say);
        }

        void ask(Client client, Request request) throws IOException {
            ask(client, List.of(Ask.of(said.size() + 1, request)));
        }

        private Masks masks() {
            return new Masks(servers, sessions, 0);
        }

        private void say(Frame frame) {
            said.add(frame.toString());
        }
    }

    private void same(Arena arena, Story story) throws IOException {
        List<List<String>> said = new ArrayList<>();
        for (Ensemble.Kind kind : Ensemble.Kind.values()) {
            try (var servers = new Ensemble(kind, arena, folder.resolve(kind.name()))) {
                var teller = new Teller(servers, new ArrayList<>(), new ArrayList<>());
                story.tell(teller);
                said.add(teller.said());
            }
        }
        assertThat(said.getFirst()).isNotEmpty();
        assertThat(said.getLast()).isEqualTo(said.getFirst());
    }

    @Test
    @DisplayName("connections of one address: maxClientCnxns")
    void connections() throws Exception {
        same(Arena.of(1, "maxClientCnxns=4"), teller -> {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 7; i++) clients.add(teller.open());
            for (Client client : clients) if (client.isOpen()) teller.ask(client, new Request.Exists("/", false));
            assertThat(clients.stream().filter(Client::isOpen)).hasSize(4);
            clients.forEach(Client::close);
        });
    }

    @Test
    @DisplayName("connections in all: maxCnxns")
    void connectionsInAll() throws Exception {
        same(Arena.of(1, "maxCnxns=3"), teller -> {
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) clients.add(teller.open());
            assertThat(clients.stream().filter(Client::isOpen)).hasSize(3);
            clients.forEach(Client::close);
        });
    }

    @Test
    @DisplayName("frames as long as may be, and longer: jute.maxbuffer")
    void frames() throws Exception {
        same(Arena.of(1), teller -> {
            int around = Ask.of(1, create("/long", 0)).frame(0).length - 4;
            for (int more : new int[] {-1, 0, 1, 1_000}) {
                Client client = teller.open();
                String path = "/lon" + (more + 5) % 10;
                teller.ask(client, create(path, FRAME_BYTES_MAX - around + more));
                if (!client.isOpen()) continue;
                teller.ask(client, new Request.GetData(path, false)); // an answer that is longer than a request may be
                teller.ask(client, new Request.Exists(path, false));
                client.close();
            }
            Client client = teller.open();
            List<Request.WriteOp> ops = new ArrayList<>();
            for (int i = 0; i < 10; i++) ops.add((Request.WriteOp) create("/part" + i, 100_000));
            teller.ask(client, new Request.Multi(ops));
            teller.ask(client, new Request.GetChildren2("/", false));
            client.close();
        });
    }

    private static Request create(String path, int bytes) {
        return new Request.Create(path, new byte[bytes], Acl.OPEN_UNSAFE, 0);
    }

    @Test
    @DisplayName("requests that wait: globalOutstandingLimit")
    void outstanding() throws Exception {
        same(Arena.of(1, "globalOutstandingLimit=5"), LimitsSideBySideTest::manyAtOnce);
    }

    @Test
    @DisplayName("requests in process: request_throttle_max_requests")
    void throttled() throws Exception {
        same(
                Arena.of(1, "request_throttle_max_requests=4", "request_throttle_stall_time=10"),
                LimitsSideBySideTest::manyAtOnce);
    }

    private static void manyAtOnce(Teller teller) throws IOException {
        List<Ask> asks = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            asks.add(Ask.of(
                    i,
                    switch (i % 4) {
                        case 0 -> create("/" + i, 10);
                        case 1 -> new Request.SetData("/" + (i - 1), new byte[i % 7], -1);
                        case 2 -> new Request.GetData("/" + (i - 2), false);
                        default -> new Request.Delete("/" + (i - 19), -1);
                    }));
        }
        Client client = teller.open();
        teller.ask(client, asks);
        assertThat(client.isOpen()).isTrue();
        client.close();
    }

    @Test
    @DisplayName("sessions at once: connection_throttle_tokens")
    void tokens() throws Exception {
        same(
                Arena.of(
                        1,
                        "connection_throttle_tokens=3",
                        "connection_throttle_fill_time=86400000",
                        "connection_throttle_fill_count=1"),
                teller -> {
                    List<Client> clients = new ArrayList<>();
                    for (int i = 0; i < 6; i++) clients.add(teller.open());
                    assertThat(clients.stream().filter(Client::isOpen)).hasSize(3);
                    clients.forEach(Client::close);
                });
    }
}
