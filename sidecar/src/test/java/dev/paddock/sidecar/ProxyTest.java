package dev.paddock.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.sidecar.http.Listen;
import dev.paddock.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a sidecar listens, and the ZooKeeper proxy. */
class ProxyTest {
    @TempDir
    private Path folder;

    @Test
    void aForeignClientWorksThroughTheProxyThoughTheFirstMemberIsDown() throws Exception {
        try (var server = ApacheServer.start(folder);
                var sidecar = Sidecars.start(Sidecars.config("127.0.0.1:" + FreePorts.one() + "," + server.address())
                        .withZkListen(Listen.tcp("127.0.0.1:0")))) {
            var client = new ZooKeeper("127.0.0.1:" + sidecar.zkPort(), 20_000, _ -> {});
            await().until(() -> client.getState() == ZooKeeper.States.CONNECTED);
            byte[] large = new byte[900_000];
            Arrays.fill(large, (byte) 7);
            client.create("/large", large, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            assertThat(client.getData("/large", false, null)).isEqualTo(large);
            server.cutConnections();
            await().ignoreExceptions().until(() -> client.exists("/large", false) != null);
            client.close();
        }
    }

    @Test
    void aUnixSocketServesAndIsNotOpenToAll() throws Exception {
        Path socket = folder.resolve("paddock.sock");
        try (var server = ApacheServer.start(Files.createDirectory(folder.resolve("data")));
                var sidecar =
                        Sidecars.start(Sidecars.config(server.address()).withListen(Listen.parse("unix:" + socket)))) {
            assertThat(sidecar.port()).isEqualTo(-1);
            assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
            assertThat(overUnixSocket(socket, "localhost"))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"name\":\"x\"");
            assertThat(overUnixSocket(socket, "evil.test")).startsWith("HTTP/1.1 421");
        }
        assertThat(socket).doesNotExist();
    }

    private static String overUnixSocket(Path socket, String host) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(StandardCharsets.UTF_8.encode(
                    "GET /v1/services/x HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
            var answer = ByteBuffer.allocate(65536);
            while (channel.read(answer) >= 0) assertThat(answer.hasRemaining()).isTrue();
            return StandardCharsets.UTF_8.decode(answer.flip()).toString();
        }
    }

    @Test
    void onlyLoopbackWithoutAskingTwice() {
        var config = Sidecars.config("127.0.0.1:1");
        assertThatThrownBy(() -> config.withListen(Listen.parse("0.0.0.0:0"))).hasMessageContaining("loopback");
        assertThatThrownBy(() -> config.withZkListen(Listen.tcp("0.0.0.0:0"))).hasMessageContaining("loopback");
        assertThatThrownBy(() -> Listen.parse("evil.test:80")).hasMessageContaining("evil.test:80");
        assertThatThrownBy(() -> Sidecars.config("a:b:c")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPortInUseIsNamedAndNothingIsLeftRunning() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = Sidecars.config("127.0.0.1:1").withAdmin(Listen.tcp("127.0.0.1:" + taken.getLocalPort()));
            assertThatThrownBy(() -> Sidecar.start(config))
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }
}
