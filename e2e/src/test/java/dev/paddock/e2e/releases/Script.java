package dev.paddock.e2e.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** What a client asks for in a folder, the same of each release and of our server. */
final class Script {
    /** Whose some of the znodes are, as scheme digest knows it. */
    static final String OWNER = "owner:secret";

    private static final int MANY = 120; // so that the servers take some snapshots meanwhile
    private static final long TTL_MILLIS = 1_000_000_000;
    private static final byte[] EMPTY = {};

    private final ZooKeeper client;
    private final boolean hasExtendedTypes;
    private long manyFrom; // a zxid

    Script(ZooKeeper client, boolean hasExtendedTypes) {
        this.client = client;
        this.hasExtendedTypes = hasExtendedTypes;
    }

    /** Once, in an empty folder. */
    void begin() throws KeeperException, InterruptedException {
        client.create("/queue", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/limited", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/zookeeper/quota/limited", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        limit("zookeeper_limits", "count=1000,bytes=-1");
        limit("zookeeper_stats", "count=1,bytes=0");
    }

    private void limit(String name, String text) throws KeeperException, InterruptedException {
        byte[] data = text.getBytes(StandardCharsets.US_ASCII);
        client.create("/zookeeper/quota/limited/" + name, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    /** By each server that has the folder, in turn: 0 and up. */
    void goOn(int turn) throws KeeperException, InterruptedException {
        String top = "/turn-" + turn;
        client.create(top, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(top + "/mine", new byte[] {1}, owners(), CreateMode.PERSISTENT);
        client.create(top + "/read", new byte[] {2}, Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(top + "/ephemeral", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        if (hasExtendedTypes) createExtended(top + "/first-");
        for (int i = 0; i < MANY; i++) {
            String name =
                    client.create("/queue/n-", new byte[i], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
            assertThat(name).isEqualTo("/queue/n-%010d", turn * MANY + i);
            if (i == 0) manyFrom = client.exists(name, false).getCzxid();
            if (i % 10 == 0) changeSome(name, i);
        }
        client.create("/limited/" + turn, new byte[10], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.multi(List.of(
                Op.create(top + "/multi", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.setData(top, new byte[] {3}, 0),
                Op.delete(top + "/read", -1)));
        client.setACL(top + "/mine", Ids.CREATOR_ALL_ACL, 0);
        refused(top);
        if (hasExtendedTypes) createExtended(top + "/last-");
    }

    /** A zxid behind most kinds of what the last turn made, and before so many others that a snapshot is due. */
    long manyFrom() {
        return manyFrom;
    }

    /** One more transaction. */
    void goOnALittle() throws KeeperException, InterruptedException {
        client.setData("/queue", EMPTY, -1);
    }

    private void changeSome(String name, int i) throws KeeperException, InterruptedException {
        client.setData(name, new byte[i + 1], 0);
        client.create(name + "/below", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        if (i % 20 == 0) client.delete(name + "/below", 0);
    }

    /** What is refused is in the log as well. */
    private void refused(String top) {
        assertThatThrownBy(() -> client.setData(top, EMPTY, 77)).isInstanceOf(BadVersionException.class);
        assertThatThrownBy(() -> client.create(top, EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(NodeExistsException.class);
        assertThatThrownBy(() -> client.multi(List.of(Op.setData(top, EMPTY, -1), Op.check(top, 77))))
                .isInstanceOf(BadVersionException.class);
    }

    private void createExtended(String prefix) throws KeeperException, InterruptedException {
        client.create(prefix + "stat", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, new Stat());
        client.create(prefix + "container", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER, new Stat());
        client.create(prefix + "container/child", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(
                prefix + "ttl", EMPTY, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, new Stat(), TTL_MILLIS);
    }

    private static List<ACL> owners() {
        return Arrays.asList( // the client asks it for a null, which others do not take
                new ACL(ZooDefs.Perms.ALL, new Id("auth", "")),
                new ACL(ZooDefs.Perms.READ, new Id("ip", "10.0.0.1")),
                new ACL(ZooDefs.Perms.READ, Ids.ANYONE_ID_UNSAFE));
    }
}
