package dev.paddock.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.SetQuotaCommand;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** Znodes of each kind, with several ACLs and a quota, for tools to find again. */
final class ZnodeKinds {
    static final long TTL_MILLIS = 1_000_000_000;

    private final ZooKeeper client;

    ZnodeKinds(ZooKeeper client) {
        this.client = client;
    }

    /** Once; gives the {@code Stat} of {@code /mortal}, which has a time to live. */
    Stat create() throws Exception {
        client.addAuthInfo("digest", bytes("owner:secret"));
        create("/list", "", Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        create("/list/old", "old", Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        create("/list/set", "value", Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        create("/list/shared", "", shared(), CreateMode.PERSISTENT);
        create("/mine", "", Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        create("/box", "for some", shared(), CreateMode.CONTAINER);
        create("/box/child", "", Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);
        limit();
        Stat mortal = new Stat();
        client.create(
                "/mortal", bytes("soon"), Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, mortal, TTL_MILLIS);
        return mortal;
    }

    private void limit() throws Exception {
        create("/limited", "", Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        var limits = new StatsTrack();
        limits.setCount(1000);
        limits.setByteHardLimit(100_000);
        SetQuotaCommand.createQuota(client, "/limited", limits);
        create("/limited/child", "counted", Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    /** Below {@code /list}: adds one, removes one, and changes the data of one and the ACL of another. */
    void change() throws Exception {
        create("/list/new", "newer", Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.delete("/list/old", 0);
        client.setData("/list/set", bytes("values"), 0);
        client.setACL("/list/shared", Ids.READ_ACL_UNSAFE, 0);
    }

    private void create(String path, String data, List<ACL> acl, CreateMode mode) throws Exception {
        client.create(path, bytes(data), acl, mode);
    }

    private static List<ACL> shared() {
        return Arrays.asList( // the client asks it for a null, which others do not take
                new ACL(Perms.ALL, new Id("ip", "127.0.0.1")),
                new ACL(Perms.READ | Perms.WRITE, new Id("ip", "10.0.0.0/8")),
                new ACL(Perms.READ, Ids.ANYONE_ID_UNSAFE));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
