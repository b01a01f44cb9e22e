package dev.paddock.node.auth;

import static dev.paddock.node.auth.Transcript.acl;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same clients come by TLS to Apache ZooKeeper and to this server, and see the same. */
class TlsAgainstApacheTest {
    @TempDir
    private static Path keys;

    private static Certificates authority;
    private static Path server;
    private static Path bob;
    private static Path root;

    @TempDir
    private Path folder;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new Certificates(keys, "authority");
        server = authority.signed("server", "CN=server");
        bob = authority.signed("bob", "CN=bob, OU=\"Sheep, Goats\", O=Shepherds");
        root = authority.signed("root", "CN=root");
    }

    @ParameterizedTest
    @ValueSource(strings = {"need", "want", "none"})
    void clientsSeeTheSame(String clientAuth) throws Exception {
        List<String> theirs = Transcript.lines();
        int plain = FreePorts.one();
        int secure = FreePorts.one();
        List<String> options =
                List.of("-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory");
        try (var _ = new ApacheProcess(zooCfg("apache", plain, secure, clientAuth), plain, options)) {
            script(secure, theirs);
        }
        List<String> ours = Transcript.lines();
        try (var node = Node.start(NodeConfig.read(zooCfg("paddock", plain, secure, clientAuth)), e -> {
            throw new AssertionError(e);
        })) {
            await().until(() -> node.state().equals("standalone"));
            script(secure, ours);
        }
        assertThat(theirs).contains("session");
        assertThat(String.join("\n", ours)).isEqualTo(String.join("\n", theirs));
    }

    @Test
    void bothTellApartWhoComesByWhichPort() throws Exception {
        int plain = FreePorts.one();
        int secure = FreePorts.one();
        int admin = FreePorts.one();
        List<String> options =
                List.of("-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory");
        List<String> theirs;
        try (var _ = new ApacheProcess(withAdmin(zooCfg("apache", plain, secure, "need"), admin), plain, options)) {
            theirs = byPort(plain, secure, admin);
        }
        Path own = withAdmin(zooCfg("paddock", plain, secure, "need"), admin);
        try (var node = Node.start(NodeConfig.read(own), e -> {
            throw new AssertionError(e);
        })) {
            await().until(() -> node.state().equals("standalone"));
            assertThat(byPort(plain, secure, admin)).isEqualTo(theirs).containsExactly("connections 1 1", "stats 1 1");
        }
    }

    private static Path withAdmin(Path zooCfg, int port) throws IOException {
        String on = "admin.enableServer=true\nadmin.serverAddress=127.0.0.1\nadmin.serverPort=" + port;
        return Files.writeString(zooCfg, Files.readString(zooCfg).replace("admin.enableServer=false", on));
    }

    /** How many connections are listed of either port, with one client at each. */
    private static List<String> byPort(int plain, int secure, int admin) throws Exception {
        var counts = new ArrayList<String>();
        try (var _ = new Transcript(new Socket(InetAddress.getLoopbackAddress(), plain), Transcript.lines());
                var _ = new Transcript(socket(bob, secure), Transcript.lines())) {
            for (String command : List.of("connections", "stats")) {
                URI uri = URI.create("http://127.0.0.1:" + admin + "/commands/" + command);
                JsonNode shown = await().ignoreExceptionsInstanceOf(ConnectException.class) // Apache opens it last
                        .until(() -> new ObjectMapper().readTree(uri.toURL().openStream()), node -> true);
                counts.add(command + " " + shown.get("connections").size() + " "
                        + shown.get("secure_connections").size());
            }
        }
        return counts;
    }

    private Path zooCfg(String name, int plain, int secure, String clientAuth) throws IOException {
        Path of = Files.createDirectories(folder.resolve(name));
        return Files.write(
                of.resolve("zoo.cfg"),
                List.of(
                        "dataDir=" + of,
                        "clientPort=" + plain,
                        "clientPortAddress=127.0.0.1",
                        "secureClientPort=" + secure,
                        "secureClientPortAddress=127.0.0.1",
                        "preAllocSize=64",
                        "admin.enableServer=false",
                        "4lw.commands.whitelist=*",
                        "ssl.clientAuth=" + clientAuth,
                        "ssl.keyStore.location=" + server,
                        "ssl.keyStore.password=" + Certificates.PASSWORD,
                        "ssl.trustStore.location=" + authority.trust(),
                        "ssl.trustStore.password=" + Certificates.PASSWORD,
                        "X509AuthenticationProvider.superUser=CN=root"));
    }

    private static void script(int port, List<String> lines) throws Exception {
        as(
                bob,
                port,
                lines,
                client -> client.ask(new Request.WhoAmI())
                        .create("/own", acl(Perms.ALL, "auth", ""))
                        .getAcl("/own")
                        .create("/roots", acl(Perms.ALL, "x509", "CN=root"))
                        .create("/wrong", acl(Perms.ALL, "x509", "nobody"))
                        .canRead("/own")
                        .canRead("/roots")
                        .auth("x509", "")
                        .auth("digest", "bob:secret")
                        .ask(new Request.WhoAmI()));
        as(
                root,
                port,
                lines,
                client -> client.ask(new Request.WhoAmI())
                        .canRead("/own")
                        .canRead("/roots")
                        .create("/by-root", acl(Perms.ALL, "auth", ""))
                        .getAcl("/by-root"));
        as(
                null,
                port,
                lines,
                client -> client.ask(new Request.WhoAmI())
                        .canRead("/own")
                        .auth("x509", "")
                        .ask(new Request.WhoAmI()));
        for (String word : List.of("ruok", "isro")) {
            try (Socket socket = socket(bob, port)) {
                socket.getOutputStream().write(word.getBytes(US_ASCII));
                lines.add(word + ": " + new String(socket.getInputStream().readAllBytes(), US_ASCII));
            }
        }
    }

    private interface Script {
        void run(Transcript client) throws IOException;
    }

    /** Who cannot come in notices it when he first reads. */
    private static void as(@Nullable Path who, int port, List<String> lines, Script script) throws Exception {
        lines.add(who == null ? "nobody" : who.getFileName().toString());
        try (Transcript client = new Transcript(socket(who, port), lines)) {
            script.run(client);
        } catch (IOException e) {
            lines.add("no TLS");
        }
    }

    private static Socket socket(@Nullable Path who, int port) throws Exception {
        Socket socket = authority.client(who).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }
}
