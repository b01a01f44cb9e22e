package dev.paddock.operator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paddock.client.Client;
import dev.paddock.client.ClientException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.operator.certificates.KeyFiles;
import dev.paddock.testing.FreePorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One znode server, and a client of it. */
final class Server implements AutoCloseable {
    private final Node node;
    private final String address;
    private final String secureAddress;
    private final Client client;

    Server(Path folder) throws Exception {
        this(folder, "");
    }

    /** One that also takes clients by TLS, who show a certificate of their own. */
    static Server withTls(Path folder, KeyFiles keys) throws Exception {
        Path key = Files.writeString(folder.resolve("server.pem"), keys.server());
        Path clients = Files.writeString(folder.resolve("clients.pem"), keys.clients());
        return new Server(
                folder,
                "ssl.clientAuth=need\nssl.keyStore.location=" + key + "\nssl.trustStore.location=" + clients
                        + "\nsecureClientPort=");
    }

    private Server(Path folder, String tls) throws Exception {
        int[] ports = FreePorts.some(2);
        int port = ports[0];
        Path config = Files.writeString(
                folder.resolve("zoo.cfg"),
                """
                tickTime=2000
                preAllocSize=1024
                clientPortAddress=127.0.0.1
                clientPort=%d
                admin.enableServer=false
                dataDir=%s
                """.formatted(port, folder.resolve("data")) + (tls.isEmpty() ? "" : tls + ports[1] + "\n"));
        secureAddress = "127.0.0.1:" + ports[1];
        address = "127.0.0.1:" + port;
        node = Node.start(NodeConfig.read(config), e -> {
            throw new AssertionError("a server failed", e);
        });
        client = Client.builder(address).start();
        client.connected().join();
    }

    String address() {
        return address;
    }

    /** Where it takes TLS, if it does. */
    String secureAddress() {
        return secureAddress;
    }

    Client client() {
        return client;
    }

    /** zxid of the last change of a znode's data. */
    long lastChange(String path) {
        return client.exists(path).join().value().orElseThrow().mzxid();
    }

    /** The data as text; {@code null} if there is no such znode. */
    String text(String path) {
        try {
            return new String(client.getData(path).join().value().data(), StandardCharsets.UTF_8);
        } catch (ClientException.Refused _) {
            return null;
        }
    }

    void awaitText(String path, String wanted) {
        await().untilAsserted(() -> assertThat(text(path)).as(path).isEqualTo(wanted));
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}
