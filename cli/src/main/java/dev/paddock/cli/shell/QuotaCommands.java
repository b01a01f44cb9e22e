package dev.paddock.cli.shell;

import dev.paddock.client.BlockingClient;
import dev.paddock.client.Client;
import dev.paddock.client.CreateMode;
import dev.paddock.client.Created;
import dev.paddock.client.NodeData;
import dev.paddock.client.Reply;
import dev.paddock.wire.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about quotas: znodes below {@code /zookeeper/quota}, as ZooKeeper 3.9's zkCli keeps them. */
@Command
final class QuotaCommands {
    private static final String ROOT = "/zookeeper/quota";
    private static final String LIMITS = "/zookeeper_limits";
    private static final String STATS = "/zookeeper_stats";

    private final Surroundings surroundings;

    QuotaCommands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    private BlockingClient calls() {
        return surroundings.calls();
    }

    /** One of the four limits, to set. */
    static final class Limit {
        @Option(names = "-n", paramLabel = "COUNT", description = "Warn above so many znodes.")
        private Optional<Long> count = Optional.empty();

        @Option(names = "-b", paramLabel = "BYTES", description = "Warn above so many bytes of data.")
        private Optional<Long> bytes = Optional.empty();

        @Option(names = "-N", paramLabel = "COUNT", description = "Refuse more znodes (enforceQuota=true).")
        private Optional<Long> countHard = Optional.empty();

        @Option(names = "-B", paramLabel = "BYTES", description = "Refuse more bytes (enforceQuota=true).")
        private Optional<Long> bytesHard = Optional.empty();

        private Quota in(Quota quota) {
            if (count.isPresent()) return quota.with(Quota.COUNT, count.get());
            if (bytes.isPresent()) return quota.with(Quota.BYTES, bytes.get());
            if (countHard.isPresent()) return quota.with(Quota.COUNT_HARD, countHard.get());
            return quota.with(Quota.BYTES_HARD, bytesHard.orElseThrow());
        }
    }

    @Command(description = "Bound what PATH and all below it may hold.")
    void setquota(
            @ArgGroup(exclusive = true, multiplicity = "1") Limit limit, @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        if (path.startsWith(ROOT)) throw new Failed("cannot set a quota under the path: " + ROOT);
        if (calls().exists(path).value().isEmpty()) throw new Failed(path + " does not exist.");
        refuseQuotaBelow(path);
        refuseQuotaAbove(path);
        createAll(ROOT + path);
        Quota none = new Quota(
                java.util.Map.of(Quota.COUNT, -1L, Quota.BYTES, -1L, Quota.COUNT_HARD, -1L, Quota.BYTES_HARD, -1L));
        Reply<Created> created = create(ROOT + path + LIMITS, limit.in(none).toString());
        if (created instanceof Reply.Ok) {
            create(ROOT + path + STATS, "count=0,bytes=0");
            return;
        }
        NodeData old = calls().getData(ROOT + path + LIMITS).value();
        String changed = limit.in(Quota.parse(text(old))).toString();
        calls().setData(ROOT + path + LIMITS, bytes(changed), old.stat().version())
                .value();
    }

    private Reply<Created> create(String path, String data) throws InterruptedException {
        Reply<Created> reply = calls().create(path, bytes(data), CreateMode.PERSISTENT);
        if (reply instanceof Reply.Refused<Created> refused && refused.error() != ErrorCode.NODE_EXISTS) reply.value();
        return reply;
    }

    private void createAll(String path) throws InterruptedException {
        for (int slash = path.indexOf('/', ROOT.length() + 1); ; slash = path.indexOf('/', slash + 1)) {
            create(slash < 0 ? path : path.substring(0, slash), "");
            if (slash < 0) return;
        }
    }

    /** Quotas do not nest. */
    private void refuseQuotaBelow(String path) throws InterruptedException {
        var left = new ArrayDeque<>(List.of(ROOT + path));
        while (!left.isEmpty()) {
            String each = left.pop();
            for (String name : names(each)) {
                String child = each + "/" + name;
                if (!("/" + name).equals(LIMITS)) left.push(child);
                else if (!each.equals(ROOT + path))
                    throw new Failed(path + " has a child " + each.substring(ROOT.length()) + " which has a quota");
            }
        }
    }

    private void refuseQuotaAbove(String path) throws InterruptedException {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            String above = path.substring(0, slash);
            if (calls().exists(ROOT + above + LIMITS).value().isPresent())
                throw new Failed(path + " has a parent " + above + " which has a quota");
        }
    }

    private List<String> names(String path) throws InterruptedException {
        return calls().exists(path).value().isEmpty()
                ? List.of()
                : Listing.of(calls(), path, "", Optional.empty()).names();
    }

    @Command(description = "Print the quota of PATH, and what it holds.")
    void listquota(@Parameters(paramLabel = "PATH") String path) throws InterruptedException {
        Reply<NodeData> limits = calls().getData(ROOT + path + LIMITS);
        if (limits instanceof Reply.Refused<NodeData> refused && refused.error() == ErrorCode.NO_NODE)
            throw new Failed("quota for " + path + " does not exist.");
        surroundings.out().println("Output quota for " + path + " " + Quota.parse(text(limits.value())));
        NodeData stats = calls().getData(ROOT + path + STATS).value();
        surroundings.out().println("Output stat for " + path + " " + Quota.parse(text(stats)));
    }

    @Command(description = "Lift the quota of PATH, or one limit of it.")
    void delquota(
            @Option(names = "-n", description = "The soft limit of znodes.") boolean count,
            @Option(names = "-b", description = "The soft limit of bytes.") boolean bytes,
            @Option(names = "-N", description = "The hard limit of znodes.") boolean countHard,
            @Option(names = "-B", description = "The hard limit of bytes.") boolean bytesHard,
            @Parameters(paramLabel = "PATH") String path)
            throws InterruptedException {
        Reply<NodeData> limits = calls().getData(ROOT + path + LIMITS);
        if (limits instanceof Reply.Refused<NodeData> refused && refused.error() == ErrorCode.NO_NODE)
            throw new Failed("Quota does not exist for " + path);
        if (!(count || bytes || countHard || bytesHard)) {
            deleteQuota(ROOT + path);
            return;
        }
        Quota left = Quota.parse(text(limits.value()));
        if (count) left = left.with(Quota.COUNT, -1);
        if (bytes) left = left.with(Quota.BYTES, -1);
        if (countHard) left = left.with(Quota.COUNT_HARD, -1);
        if (bytesHard) left = left.with(Quota.BYTES_HARD, -1);
        calls().setData(
                        ROOT + path + LIMITS,
                        bytes(left.toString()),
                        limits.value().stat().version())
                .value();
    }

    /** With what is above it in the tree of quotas, as far as that has no other children. */
    private void deleteQuota(String path) throws InterruptedException {
        for (String each : List.of(path + LIMITS, path + STATS)) delete(each);
        for (String each = path; !each.equals(ROOT) && delete(each); ) each = each.substring(0, each.lastIndexOf('/'));
    }

    private boolean delete(String path) throws InterruptedException {
        var reply = calls().delete(path, Client.ANY_VERSION);
        if (reply instanceof Reply.Refused<?> refused) {
            if (refused.error() == ErrorCode.NOT_EMPTY) return false;
            if (refused.error() != ErrorCode.NO_NODE) reply.value();
        }
        return true;
    }

    private static String text(NodeData node) {
        return new String(node.data(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
