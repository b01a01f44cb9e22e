package dev.paddock.node.auth;

import static dev.paddock.node.auth.Transcript.acl;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.paddock.node.config.ConfigException;
import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import dev.paddock.wire.Perms;
import dev.paddock.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The clients' port with TLS. */
@SuppressWarnings("try") // a ZooKeeper may be interrupted as it closes
class TlsPortTest {
    @TempDir
    private static Path keys;

    private static Certificates authority;
    private static Certificates stranger;
    private static Path server;
    private static Path bob;

    @TempDir
    private Path folder;

    private int plain;
    private int secure;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new Certificates(keys, "authority");
        stranger = new Certificates(keys, "stranger");
        server = authority.signed("server", "CN=server", "-ext", "san=ip:127.0.0.1,dns:localhost");
        bob = authority.signed("bob", "CN=bob,O=Shepherds");
    }

    private Node start(String... settings) throws Exception {
        return Node.start(config(settings), e -> {
            throw new AssertionError(e);
        });
    }

    private NodeConfig config(String... settings) throws Exception {
        plain = FreePorts.one();
        secure = FreePorts.one();
        var lines = new ArrayList<>(List.of(
                "dataDir=" + folder,
                "clientPort=" + plain,
                "clientPortAddress=127.0.0.1",
                "secureClientPort=" + secure,
                "secureClientPortAddress=127.0.0.1",
                "preAllocSize=64",
                "4lw.commands.whitelist=*",
                "ssl.keyStore.location=" + server,
                "ssl.keyStore.password=" + Certificates.PASSWORD,
                "ssl.trustStore.location=" + authority.trust(),
                "ssl.trustStore.password=" + Certificates.PASSWORD));
        for (String setting : settings) {
            String key = setting.substring(0, setting.indexOf('=') + 1);
            lines.removeIf(line -> line.startsWith(key));
            lines.add(setting);
        }
        return NodeConfig.read(Files.write(folder.resolve("zoo.cfg"), lines));
    }

    private static Socket tls(int port, Certificates trusting, @Nullable Path who) throws Exception {
        SSLContext context = trusting.client(who);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** What somebody sees who asks who it is; a handshake that fails shows itself there with TLS 1.3. */
    private static List<String> seen(int port, @Nullable Path who) throws Exception {
        List<String> lines = Transcript.lines();
        try (Socket socket = tls(port, authority, who);
                var client = new Transcript(socket, lines)) {
            client.ask(new Request.WhoAmI());
        } catch (IOException e) {
            lines.add("no TLS");
        }
        return lines;
    }

    private static String word(Socket socket, String word) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(word.getBytes(US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    @Test
    void apachesClientComesByTlsAndIsWhomItsCertificateNames() throws Exception {
        try (var node = start("X509AuthenticationProvider.superUser=CN=root")) {
            await().until(() -> node.state().equals("standalone"));
            var config = new ZKClientConfig();
            config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
            config.setProperty(
                    ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
            config.setProperty("zookeeper.ssl.keyStore.location", bob.toString());
            config.setProperty("zookeeper.ssl.keyStore.password", Certificates.PASSWORD);
            config.setProperty(
                    "zookeeper.ssl.trustStore.location", authority.trust().toString());
            config.setProperty("zookeeper.ssl.trustStore.password", Certificates.PASSWORD);
            try (var zk = new ZooKeeper("127.0.0.1:" + secure, 20_000, event -> {}, config)) {
                zk.create("/bobs", new byte[] {7}, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
                assertThat(zk.getData("/bobs", false, null)).containsExactly(7);
                assertThat(zk.getACL("/bobs", null))
                        .extracting(acl -> acl.getId().toString())
                        .containsExactly("'x509,'CN=bob%2CO=Shepherds\n");
            }
            List<String> others = Transcript.lines();
            try (var client = new Transcript(new Socket(InetAddress.getLoopbackAddress(), plain), others)) {
                client.canRead("/bobs");
            }
            assertThat(others).containsExactly("session", "read /bobs: -102");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"need", "want", "none"})
    void asksForCertificatesAsItIsTold(String clientAuth) throws Exception {
        Path eve = stranger.signed("eve-" + clientAuth, "CN=eve");
        try (var node = start("ssl.clientAuth=" + clientAuth)) {
            await().until(() -> node.state().equals("standalone"));
            boolean isAsked = !clientAuth.equals("none");
            assertThat(seen(secure, bob).toString().contains("x509...")).isEqualTo(isAsked);
            assertThat(seen(secure, null).contains("session")).isEqualTo(!clientAuth.equals("need"));
            assertThat(seen(secure, eve)).isEqualTo(seen(secure, null)); // whom nobody here stands for
        }
    }

    @Test
    void answersFourLetterWordsByTls() throws Exception {
        try (var node = start("ssl.clientAuth=none")) {
            await().until(() -> node.state().equals("standalone"));
            assertThat(word(tls(secure, authority, null), "ruok")).isEqualTo("imok");
            assertThat(word(tls(secure, authority, null), "conf"))
                    .contains("clientPort=" + plain, "secureClientPort=" + secure);
        }
    }

    @Test
    void onePortTakesBothIfToldSo() throws Exception {
        try (var node = start("ssl.clientAuth=none", "client.portUnification=true")) {
            await().until(() -> node.state().equals("standalone"));
            assertThat(word(new Socket(InetAddress.getLoopbackAddress(), plain), "ruok"))
                    .isEqualTo("imok");
            assertThat(word(tls(plain, authority, null), "ruok")).isEqualTo("imok");
            assertThat(seen(plain, null)).contains("session");
            List<String> lines = Transcript.lines();
            try (var client = new Transcript(new Socket(InetAddress.getLoopbackAddress(), plain), lines)) {
                client.create("/a", acl(Perms.ALL, "world", "anyone"));
            }
            assertThat(lines.getFirst()).isEqualTo("session");
        }
    }

    @Test
    void thePlainPortMayBeLeftOut() throws Exception {
        try (var node = start("clientPort=0", "clientPortAddress=", "ssl.clientAuth=none")) {
            await().until(() -> node.state().equals("standalone"));
            assertThat(node.clientAddress().getPort()).isEqualTo(secure);
            assertThat(word(tls(secure, authority, null), "conf")).contains("clientPort=-1\n");
        }
    }

    /** A ClientHello of TLS 1.1 is answered by the alert protocol_version. */
    @Test
    void refusesOldTls() throws Exception {
        byte[] hello = HexFormat.of()
                .parseHex("160302002f" + "0100002b" + "0302" + "00".repeat(32) + "00" + "0004" + "c013002f" + "0100");
        try (var node = start("ssl.enabledProtocols=TLSv1.2,TLSv1.3");
                var socket = new Socket(InetAddress.getLoopbackAddress(), secure)) {
            await().until(() -> node.state().equals("standalone"));
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(hello);
            byte[] answer = socket.getInputStream().readNBytes(7);
            assertThat(answer[0]).isEqualTo((byte) 21);
            assertThat(answer[6]).isEqualTo((byte) 70);
        }
        assertThatThrownBy(() -> config("ssl.enabledProtocols=TLSv1.1,TLSv1.2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("TLSv1.1 is refused");
    }

    @Test
    void whoSaysNothingIsSentAway() throws Exception {
        try (var node = start("nio.sessionlessCnxnTimeout=300", "tickTime=100");
                var socket = new Socket(InetAddress.getLoopbackAddress(), secure)) {
            await().until(() -> node.state().equals("standalone"));
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(new byte[] {0x16, 3});
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {}
        }
    }

    @Test
    void takesChangedFilesWhileSessionsGoOn() throws Exception {
        Path own = Files.copy(server, folder.resolve("own.p12"));
        try (var node = start("ssl.clientAuth=none", "ssl.keyStore.location=" + own)) {
            await().until(() -> node.state().equals("standalone"));
            List<String> lines = Transcript.lines();
            try (Socket before = tls(secure, authority, null);
                    var client = new Transcript(before, lines)) {
                assertThat(serial(before)).isEqualTo(serialNow());
                Path next = authority.signed("next", "CN=server");
                var old = serialNow();
                Files.copy(next, own, StandardCopyOption.REPLACE_EXISTING);
                await().until(() -> !serialNow().equals(old));
                client.ask(new Request.Ping());
            }
            assertThat(lines).hasSize(2).doesNotContain("closed");
            Files.writeString(own, "no key store");
            var kept = serialNow();
            await().pollDelay(java.time.Duration.ofMillis(1500))
                    .until(() -> serialNow().equals(kept));
        }
    }

    private java.math.BigInteger serialNow() throws Exception {
        try (Socket socket = tls(secure, authority, null)) {
            return serial(socket);
        }
    }

    private static java.math.BigInteger serial(Socket socket) throws Exception {
        var certificate = (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
        return certificate.getSerialNumber();
    }

    @Test
    void readsPemFiles() throws Exception {
        Path pem = Certificates.pem(server, folder.resolve("server.pem"));
        Path anchors = Files.copy(authority.trustPem(), folder.resolve("authority.pem"));
        try (var node =
                start("ssl.keyStore.location=" + pem, "ssl.keyStore.password=", "ssl.trustStore.location=" + anchors)) {
            await().until(() -> node.state().equals("standalone"));
            assertThat(seen(secure, bob)).contains("session");
        }
    }

    @Test
    void aClientsCertificateMayHaveToNameItsAddress() throws Exception {
        Path here = authority.signed("here", "CN=here", "-ext", "san=ip:127.0.0.1");
        Path there = authority.signed("there", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.2,dns:localhost");
        try (var node = start("ssl.clientHostnameVerification=true")) {
            await().until(() -> node.state().equals("standalone"));
            assertThat(seen(secure, here)).contains("session");
            assertThat(seen(secure, there)).doesNotContain("session");
        }
    }

    /** The canary is the password of every file here. */
    @Test
    void noPasswordReachesALogOrAMessage() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.DEBUG);
        try {
            Path password = Files.writeString(folder.resolve("password"), "canary-wrong\n");
            NodeConfig config = config();
            try (var node = start("ssl.clientAuth=want")) {
                await().until(() -> node.state().equals("standalone"));
                assertThat(seen(secure, bob)).contains("session");
                assertThat(word(tls(secure, authority, bob), "conf")).doesNotContain("canary");
            }
            assertThat(config.toString()).doesNotContain("canary");
            assertThatThrownBy(() -> start("ssl.keyStore.passwordPath=" + password))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(server.toString())
                    .hasMessageNotContaining("canary");
            assertThatThrownBy(() -> start("ssl.trustStore.password=canary-wrong"))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("canary");
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
        }
        assertThat(List.copyOf(log.list)).isNotEmpty();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            assertThat(event.getFormattedMessage()).doesNotContain("canary");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.keyStore.location=",
                "ssl.trustStore.location=",
                "ssl.clientAuth=perhaps",
                "ssl.keyStore.type=BCFKS",
                "ssl.protocol=TLS",
                "ssl.context.supplier.class=x.Y",
                "ssl.authProvider=other",
                "clientPort=0"
            })
    void refusesToStartWith(String setting) {
        assertThatThrownBy(() -> config(setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(setting.startsWith("clientPort") ? "clientPort" : "ssl.");
    }
}
