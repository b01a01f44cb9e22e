package dev.paddock.node.net;

import static dev.paddock.node.net.ElectionPortTest.awaitVote;
import static dev.paddock.node.net.ElectionPortTest.hasHeard;
import static dev.paddock.node.net.ElectionPortTest.vote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.auth.Certificates;
import dev.paddock.node.config.NodeConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With TLS, a hello in the name of a member does nothing to that member's link. */
class ForgedHelloOverTlsTest {
    private static final long LONG_ENOUGH_NANOS = 300_000_000; // to be dialled back, after the last dial

    @TempDir
    private static Path keys;

    private static Certificates authority;
    private static Path members;
    private static Path other;
    private static Path stranger;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new Certificates(keys, "authority");
        members = authority.signed("members", "CN=members", "-ext", "san=dns:localhost");
        other = authority.signed("other", "CN=other", "-ext", "san=dns:other");
        stranger = new Certificates(keys, "stranger").signed("strange", "CN=members", "-ext", "san=dns:localhost");
    }

    private static PeerTls tls() throws Exception {
        Path file = Files.write(
                keys.resolve("zoo.cfg"),
                List.of(
                        "dataDir=" + keys,
                        "clientPort=1",
                        "sslQuorum=true",
                        "ssl.quorum.keyStore.location=" + members,
                        "ssl.quorum.keyStore.password=" + Certificates.PASSWORD,
                        "ssl.quorum.trustStore.location=" + authority.trust(),
                        "ssl.quorum.trustStore.password=" + Certificates.PASSWORD));
        return PeerTls.open(NodeConfig.read(file).secureMembers().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"of another member", "of another authority", "none", "no TLS"})
    void isRefusedWithoutTheKeyOfThatMember(String key) throws Exception {
        try (PeerTls tls = tls();
                var one = new CoreLoop(1, tls);
                var two = new CoreLoop(2, tls);
                var relay = new CountingRelay(one.links.electionAddress())) {
            int before = ForgedHelloTest.link(one, two, relay);
            long start = System.nanoTime();
            do {
                assertRefused(two, 1, sockets(key));
                assertRefused(one, 2, sockets(key));
            } while (System.nanoTime() - start < LONG_ENOUGH_NANOS);
            ForgedHelloTest.tell(one, two, 11);
            ForgedHelloTest.tell(two, one, 11);
            awaitVote(two, 1, 11);
            awaitVote(one, 2, 11);
            assertThat(hasHeard(two, 1, 666)).isFalse();
            assertThat(hasHeard(one, 2, 666)).isFalse();
            assertThat(relay.dials()).isEqualTo(before);
        }
    }

    private static SocketFactory sockets(String key) throws Exception {
        return switch (key) {
            case "of another member" -> authority.client(other).getSocketFactory();
            case "of another authority" -> authority.client(stranger).getSocketFactory();
            case "none" -> authority.client(null).getSocketFactory();
            default -> SocketFactory.getDefault();
        };
    }

    private static void assertRefused(CoreLoop at, long sid, SocketFactory sockets) throws IOException {
        var address = at.links.electionAddress();
        try (Socket forger = sockets.createSocket(address.getAddress(), address.getPort())) {
            forger.setSoTimeout(10_000);
            ElectionPortTest.say(forger, sid, 1, vote(sid, 666));
            assertThat(forger.getInputStream().readAllBytes()).hasSizeLessThan(28); // an alert, and no vote
        } catch (SSLException | SocketException refused) {
            return;
        }
    }
}
