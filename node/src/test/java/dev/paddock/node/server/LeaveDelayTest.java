package dev.paddock.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** With {@code leaveDelayMillis} a server that was told to stop goes on for a while, and says to whoever sends clients that it leaves. */
class LeaveDelayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MILLIS = 20_000;

    @TempDir
    Path folder;

    @RegisterExtension
    final Opened opened = new Opened();

    private ZooKeeper connected(String server) throws IOException {
        var client = opened.closing(new ZooKeeper(server, SESSION_MILLIS, event -> {}));
        await().atMost(PATIENCE).until(() -> client.getState().isConnected());
        return client;
    }

    @Test
    void whoStillComesIsServed() throws Exception {
        var http = opened.closing(HttpClient.newHttpClient());
        var three = opened.closing(new LocalEnsemble(folder, 3));
        three.setting(1, "leaveDelayMillis=600000");
        three.startAll();
        three.awaitServing();
        URI ready = URI.create("http://127.0.0.1:" + three.adminPort(1) + "/health/ready");
        assertThat(ask(http, ready)).isEqualTo("200 serving\n");

        Thread leaving = Thread.ofPlatform().start(() -> three.stop(1));
        await().atMost(PATIENCE).until(() -> ask(http, ready).equals("503 leaving\n"));
        connected(three.connectString(1)).create("/late", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        leaving.interrupt(); // rather than wait for so long
        leaving.join();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), three.clientPort(1)))
                .isInstanceOf(ConnectException.class);
        ZooKeeper elsewhere = connected(three.connectString(2));
        await().atMost(PATIENCE).until(() -> elsewhere.exists("/late", false) != null);
    }

    private static String ask(HttpClient http, URI uri) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
