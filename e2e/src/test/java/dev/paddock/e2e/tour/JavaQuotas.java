package dev.paddock.e2e.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;

import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.DelQuotaCommand;
import org.apache.zookeeper.cli.SetQuotaCommand;

/** How many znodes and bytes a subtree may have. */
@SuppressWarnings("try") // close() may throw InterruptedException, and nobody interrupts a tour
final class JavaQuotas {
    private static final String ROOT = "/java-quotas";

    private final Visit visit;
    private final ZooKeeper client;

    private JavaQuotas(Visit visit, ZooKeeper client) {
        this.visit = visit;
        this.client = client;
    }

    static void tour(Visit visit) throws Exception {
        try (ZooKeeper client = visit.connect()) {
            visit.ask("root", () -> client.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            new JavaQuotas(visit, client).limits();
            Visit.clear(client, ROOT);
        }
    }

    private void limits() throws Exception {
        String path = ROOT + "/quota";
        visit.ask("create", () -> client.create(path, "data".getBytes(UTF_8), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        var limits = new StatsTrack();
        limits.setCount(2);
        limits.setByteHardLimit(20);
        limits.setCountHardLimit(3);
        visit.ask("set quota", () -> SetQuotaCommand.createQuota(client, path, limits));
        quotaNodes(path);
        for (String name : List.of("/a", "/b", "/c")) {
            visit.ask(
                    "create " + name,
                    () -> client.create(path + name, "x".getBytes(UTF_8), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            quotaNodes(path);
        }
        visit.ask("too many bytes", () -> client.setData(path, new byte[30], -1));
        visit.ask("multi", () -> client.multi(List.of(Op.setData(path + "/a", new byte[30], -1))));
        quotaNodes(path);
        visit.ask("fewer bytes", () -> client.setData(path, new byte[1], -1));
        visit.ask("delete", () -> {
            client.delete(path + "/a", -1);
            return "done";
        });
        quotaNodes(path);
        visit.ask("within another", () -> SetQuotaCommand.createQuota(client, path + "/b", limits));
        visit.ask("around another", () -> SetQuotaCommand.createQuota(client, ROOT, limits));
        visit.ask("of none", () -> SetQuotaCommand.createQuota(client, ROOT + "/none", limits));
        visit.ask("delete quota", () -> DelQuotaCommand.delQuota(client, path, limits));
        quotaNodes(path);
        visit.ask("delete all quota", () -> DelQuotaCommand.delQuota(client, path, null));
        quotaNodes(path);
        visit.ask("many bytes", () -> client.setData(path, new byte[30], -1));
    }

    private void quotaNodes(String path) throws Exception {
        visit.ask("limits", () -> client.getData("/zookeeper/quota" + path + "/zookeeper_limits", false, null));
        visit.ask("stats", () -> client.getData("/zookeeper/quota" + path + "/zookeeper_stats", false, null));
    }
}
