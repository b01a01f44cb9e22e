package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Txn;
import dev.paddock.wire.TxnHeader;
import dev.paddock.wire.TxnRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quotas that come and go over znodes that come and go: Apache's tree and ours count the same. */
class QuotasAgainstApacheTest {
    private static final List<String> LIMITED = List.of("/a", "/a/b", "/a/b/c", "/ä");

    private final ApacheTree theirs = new ApacheTree();
    private Database ours = Database.empty();
    private long zxid;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void countsWhatApacheCounts(long seed) throws IOException {
        var random = new SplittableRandom(seed);
        var seen = new ArrayList<String>();
        for (int i = 0; i < 400; i++) {
            String path = path(random);
            switch (random.nextInt(10)) {
                case 0 -> limit(LIMITED.get(random.nextInt(LIMITED.size())));
                case 1 -> unlimit(LIMITED.get(random.nextInt(LIMITED.size())));
                case 2, 3, 4 -> apply(new Txn.SetData(path, data(random), i));
                case 5 -> {
                    Znode node = ours.find(path);
                    if (node != null && node.childCount() == 0) apply(new Txn.Delete(path));
                }
                default -> apply(new Txn.Create(path, data(random), Acl.OPEN_UNSAFE, false, -1));
            }
            theirs.assertSame(ours);
            Znode stats = ours.find("/zookeeper/quota/a/zookeeper_stats");
            if (stats != null) seen.add(new String(stats.data(), StandardCharsets.UTF_8));
        }
        assertThat(seen).as("something was counted").anyMatch(text -> !text.startsWith("count=1,"));
        reload();
        assertThat(ours.approximateDataSize()).isEqualTo(theirs.tree.cachedApproximateDataSize());
        ours.walk((path, length, node) -> assertThat(node.data())
                .isEqualTo(theirs.tree
                        .getNode(new String(path, 0, length, StandardCharsets.UTF_8))
                        .getData()));
        apply(new Txn.Create("/a/after", data(random), Acl.OPEN_UNSAFE, false, -1));
        theirs.assertSame(ours);
    }

    @Test
    void tellsTheStatisticsAsTheyWereAskedFor() {
        byte[] stats = "count=-1,bytes=-1".getBytes(StandardCharsets.UTF_8);
        apply(new Txn.Create("/zookeeper/quota/a", null, Acl.OPEN_UNSAFE, false, -1));
        var create = new Txn.Create2("/zookeeper/quota/a/zookeeper_stats", stats, Acl.OPEN_UNSAFE, false, -1);
        Applied applied = ours.apply(new TxnRecord(new TxnHeader(1, 1, ++zxid, 1000 + zxid, create.type()), create));
        assertThat(((Outcome.PathAndStat) applied.outcome()).stat().dataLength())
                .isEqualTo(stats.length);
        assertThat(applied.after().find("/zookeeper/quota/a/zookeeper_stats").dataLength())
                .as("counted since")
                .isEqualTo("count=0,bytes=0".length());
    }

    /** As zkCli does: the znodes on the way, the limits, then what is there. */
    private void limit(String path) {
        var at = new StringBuilder("/zookeeper/quota");
        for (String name : path.substring(1).split("/", -1)) {
            at.append('/').append(name);
            apply(new Txn.Create(at.toString(), null, Acl.OPEN_UNSAFE, false, -1));
        }
        byte[] limits = "count=5,bytes=100=;byteHardLimit=7".getBytes(StandardCharsets.UTF_8);
        apply(new Txn.Create(at + "/zookeeper_limits", limits, Acl.OPEN_UNSAFE, false, -1));
        byte[] stats = "count=-1,bytes=-1".getBytes(StandardCharsets.UTF_8);
        apply(new Txn.Create(at + "/zookeeper_stats", stats, Acl.OPEN_UNSAFE, false, -1));
    }

    private void unlimit(String path) {
        apply(new Txn.Delete("/zookeeper/quota" + path + "/zookeeper_stats"));
        apply(new Txn.Delete("/zookeeper/quota" + path + "/zookeeper_limits"));
    }

    private static String path(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> "/a";
            case 1 -> "/a/b";
            case 2 -> "/a/b/c";
            case 3 -> "/a/b/c/" + random.nextInt(4);
            case 4 -> "/a/" + random.nextInt(4);
            default -> "/ä" + (random.nextBoolean() ? "" : "/" + random.nextInt(4));
        };
    }

    private static byte[] data(SplittableRandom random) {
        return random.nextInt(4) == 0 ? null : new byte[random.nextInt(50)];
    }

    private void apply(Txn txn) {
        zxid++;
        var record = new TxnRecord(new TxnHeader(1, 1, zxid, 1000 + zxid, txn.type()), txn);
        ours = ours.apply(record).after();
        theirs.apply(record);
    }

    /** Both are read again from a snapshot, and count anew. */
    private void reload() throws IOException {
        var bytes = new ByteArrayOutputStream();
        theirs.tree.serialize(BinaryOutputArchive.getArchive(bytes), "tree");
        theirs.tree.deserialize(BinaryInputArchive.getArchive(new ByteArrayInputStream(bytes.toByteArray())), "tree");
        Loader loader = Database.loader();
        ours.walk(
                (path, length, node) -> loader.znode(path.clone(), 0, length, node.data(), node.acl(), node.stored()));
        ours = loader.build(ours.lastZxid());
    }
}
