package dev.paddock.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paddock.node.config.NodeConfig;
import dev.paddock.node.server.Node;
import dev.paddock.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache ZooKeeper's own client proves itself by SASL DIGEST-MD5. */
@SuppressWarnings("try") // a ZooKeeper may be interrupted as it closes
class SaslClientTest {
    @TempDir
    private Path folder;

    private Node node;
    private final LinkedBlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        Path jaas = Files.writeString(folder.resolve("jaas.conf"), """
                Server {
                  org.apache.zookeeper.server.auth.DigestLoginModule required user_bob="bobsecret";
                };
                """);
        Path zooCfg = Files.write(
                folder.resolve("zoo.cfg"),
                List.of(
                        "dataDir=" + folder,
                        "clientPort=" + FreePorts.one(),
                        "clientPortAddress=127.0.0.1",
                        "preAllocSize=64",
                        "sessionRequireClientSASLAuth=true",
                        "authProvider.1=org.apache.zookeeper.server.auth.SASLAuthenticationProvider",
                        "java.security.auth.login.config=" + jaas));
        node = Node.start(NodeConfig.read(zooCfg), e -> {
            throw new AssertionError(e);
        });
        await().until(() -> node.state().equals("standalone"));
    }

    @AfterEach
    void stop() {
        node.close();
        Configuration.setConfiguration(null);
    }

    private ZooKeeper client(String password) throws Exception {
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String section) {
                if (!section.equals("Client")) return null;
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "org.apache.zookeeper.server.auth.DigestLoginModule",
                            LoginModuleControlFlag.REQUIRED,
                            Map.of("username", "bob", "password", password))
                };
            }
        });
        var config = new ZKClientConfig();
        config.setProperty("zookeeper.fips-mode", "false");
        String address = "127.0.0.1:" + node.clientAddress().getPort();
        return new ZooKeeper(address, 20_000, this::event, config);
    }

    private void event(WatchedEvent event) {
        states.add(event.getState());
    }

    @Test
    void withTheRightPasswordItIsThatUser() throws Exception {
        try (ZooKeeper zk = client("bobsecret")) {
            zk.create("/bobs", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            assertThat(zk.getACL("/bobs", null))
                    .extracting(acl -> acl.getId().toString())
                    .containsExactly("'sasl,'bob\n");
            assertThat(zk.exists("/bobs", false)).isNotNull();
        }
        assertThat(states).contains(KeeperState.SaslAuthenticated).doesNotContain(KeeperState.AuthFailed);
    }

    @Test
    void withAWrongOneItIsToldSo() throws Exception {
        try (ZooKeeper zk = client("wrong")) {
            KeeperState state = states.poll(20, TimeUnit.SECONDS);
            while (state == KeeperState.SyncConnected) state = states.poll(20, TimeUnit.SECONDS);
            assertThat(state).isEqualTo(KeeperState.AuthFailed);
            assertThatThrownBy(() -> zk.exists("/bobs", false))
                    .isInstanceOfAny(
                            KeeperException.AuthFailedException.class,
                            KeeperException.SessionClosedRequireAuthException.class);
        }
    }
}
