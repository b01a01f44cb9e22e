package dev.paddock.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client whose certificate its authority has revoked, and one whose is good: both servers tell them apart alike. */
class RevokedAgainstApacheTest {
    @TempDir
    private static Path keys;

    private static HttpServer lists;
    private static Certificates authority;
    private static Path server;
    private static Path good;
    private static Path revoked;
    private static Path unlisted;

    @TempDir
    private Path folder;

    @BeforeAll
    static void certificates() throws Exception {
        lists = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String list = "crl=uri:http://127.0.0.1:" + lists.getAddress().getPort() + "/list.crl";
        authority = new Certificates(keys, "authority");
        server = authority.signed("server", "CN=server");
        good = authority.signed("good", "CN=good", "-ext", list);
        revoked = authority.signed("revoked", "CN=revoked", "-ext", list);
        unlisted = authority.signed("unlisted", "CN=unlisted"); // it names no list
        byte[] bytes = Files.readAllBytes(authority.revoke(revoked));
        lists.createContext("/list.crl", exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        lists.start();
    }

    @AfterAll
    static void stop() {
        lists.stop(0);
    }

    @ParameterizedTest(name = "ssl.crl={0}, ssl.ocsp={1}")
    @CsvSource({"false, false, session", "true, false, no TLS", "false, true, no TLS"})
    void theSameComeIn(boolean crl, boolean ocsp, String seenByTheRevoked) throws Exception {
        int plain = FreePorts.one();
        int secure = FreePorts.one();
        List<String> options =
                List.of("-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory");
        List<String> theirs;
        try (var _ = new ApacheProcess(zooCfg("apache", plain, secure, crl, ocsp), plain, options)) {
            theirs = seen(secure);
        }
        List<String> ours;
        try (var node = Node.start(NodeConfig.read(zooCfg("paddock", plain, secure, crl, ocsp)), e -> {
            throw new AssertionError(e);
        })) {
            await().until(() -> node.state().equals("standalone"));
            ours = seen(secure);
        }
        assertThat(ours).isEqualTo(theirs).startsWith("session", seenByTheRevoked);
    }

    private Path zooCfg(String name, int plain, int secure, boolean crl, boolean ocsp) throws IOException {
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
                        "ssl.crl=" + crl,
                        "ssl.ocsp=" + ocsp,
                        "ssl.keyStore.location=" + server,
                        "ssl.keyStore.password=" + Certificates.PASSWORD,
                        "ssl.trustStore.location=" + authority.trust(),
                        "ssl.trustStore.password=" + Certificates.PASSWORD));
    }

    /** How it went for each of the three. */
    private static List<String> seen(int port) throws Exception {
        List<String> seen = new ArrayList<>();
        for (Path who : List.of(good, revoked, unlisted)) {
            List<String> lines = Transcript.lines();
            Socket socket =
                    authority.client(who).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            try (var client = new Transcript(socket, lines)) {
                client.ask(new Request.WhoAmI());
                seen.add("session");
            } catch (IOException e) {
                seen.add("no TLS");
            }
        }
        return seen;
    }
}
