package dev.paddock.node.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader decides by what the client has proved to the follower it came to. */
@SuppressWarnings("try") // a ZooKeeper may be interrupted as it closes
class AuthInEnsembleTest {
    @TempDir
    private Path folder;

    @Test
    void identitiesTravelWithTheRequest() throws Exception {
        try (var ensemble = new LocalEnsemble(
                folder, 3, "DigestAuthenticationProvider.superDigest=root:qScoE+LkbrbWBh/au3OD5Aq2Yx0=")) {
            ensemble.startAll();
            ensemble.awaitServing();
            String follower = ensemble.connectString(ensemble.leader() == 1 ? 2 : 1);
            try (var bob = new ZooKeeper(follower, 20_000, event -> {});
                    var eve = new ZooKeeper(follower, 20_000, event -> {});
                    var root = new ZooKeeper(follower, 20_000, event -> {})) {
                bob.addAuthInfo("digest", "bob:secret".getBytes(UTF_8));
                eve.addAuthInfo("digest", "bob:guess".getBytes(UTF_8));
                root.addAuthInfo("digest", "root:pw".getBytes(UTF_8));
                bob.create("/bobs", new byte[0], Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
                eve.sync("/bobs", (code, path, context) -> {}, null);
                assertThatThrownBy(() -> eve.setData("/bobs", new byte[1], -1))
                        .isInstanceOf(KeeperException.NoAuthException.class);
                assertThat(bob.setData("/bobs", new byte[2], 0).getVersion()).isEqualTo(1);
                assertThat(root.setData("/bobs", new byte[3], 1).getVersion()).isEqualTo(2);
            }
        }
    }
}
