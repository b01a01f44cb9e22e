package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.Acl;
import dev.paddock.wire.Stat;
import dev.paddock.wire.TxnRecord;
import dev.paddock.wire.Writer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.DataTree.ProcessTxnResult;
import org.apache.zookeeper.server.TxnLogEntry;
import org.apache.zookeeper.server.util.SerializeUtils;

/** Apache ZooKeeper's own tree, fed the bytes of our transactions: the judge of ours. */
public final class ApacheTree {
    public final DataTree tree = new DataTree();

    /** Applies a transaction, from bytes. */
    public ProcessTxnResult apply(TxnRecord record) {
        try {
            TxnLogEntry entry = SerializeUtils.deserializeTxn(record.toBytes());
            return tree.processTxn(entry.getHeader(), entry.getTxn());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless both hold the same: every znode with its stored numbers, what a client sees, ACL, ephemerals, counts. */
    public void assertSame(Database ours) {
        assertThat(ours.znodeCount() + 1).as("znodes").isEqualTo(tree.getNodeCount());
        assertThat(ours.ephemeralCount()).as("ephemerals").isEqualTo(tree.getEphemeralsCount());
        assertThat(ours.approximateDataSize()).as("data size").isEqualTo(tree.cachedApproximateDataSize());
        assertThat(ours.lastZxid()).as("zxid").isEqualTo(tree.lastProcessedZxid);
        assertThat(ours.digest()).as("digest").isEqualTo(tree.getTreeDigest());
        ours.walk((buf, length, node) -> assertSame(new String(buf, 0, length, StandardCharsets.UTF_8), node, ours));
        for (long session : tree.getSessions()) {
            assertThat(ours.ephemeralsOf(session)).isEqualTo(List.copyOf(new TreeSet<>(tree.getEphemerals(session))));
        }
    }

    private void assertSame(String path, Znode node, Database ours) {
        DataNode theirs = tree.getNode(path);
        assertThat(theirs).as(path).isNotNull();
        assertThat(node.data()).as(path).isEqualTo(theirs.getData());
        assertThat(node.childNames()).as(path).containsExactlyInAnyOrderElementsOf(theirs.getChildren());
        assertThat(stored(node)).as(path).isEqualTo(bytes(theirs.stat));
        var stat = new org.apache.zookeeper.data.Stat();
        theirs.copyStat(stat);
        assertThat(bytes(ours.stat(node))).as(path).isEqualTo(bytes(stat));
        var written = new Writer(100);
        ours.writeStat(node, written);
        assertThat(written.toByteArray()).as(path).isEqualTo(bytes(stat));
        assertThat(texts(node.acl())).as(path).isEqualTo(theirTexts(tree.getACL(theirs)));
    }

    private static byte[] stored(Znode node) {
        Znode.Stored s = node.stored();
        var w = new Writer(100);
        for (long field : new long[] {s.czxid(), s.mzxid(), s.ctime(), s.mtime()}) w.writeLong(field);
        for (int field : new int[] {s.version(), s.cversion(), s.aversion()}) w.writeInt(field);
        w.writeLong(s.ephemeralOwner());
        w.writeLong(s.pzxid());
        return w.toByteArray();
    }

    static byte[] bytes(Stat stat) {
        var w = new Writer(100);
        stat.write(w);
        return w.toByteArray();
    }

    static byte[] bytes(Record record) {
        var out = new ByteArrayOutputStream();
        try {
            record.serialize(BinaryOutputArchive.getArchive(out), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static List<String> texts(List<Acl> acl) {
        return acl.stream()
                .map(a -> a.perms() + a.id().scheme() + ":" + a.id().id())
                .sorted()
                .toList();
    }

    private static List<String> theirTexts(List<org.apache.zookeeper.data.ACL> acl) {
        var texts = new ArrayList<String>();
        for (var a : acl)
            texts.add(a.getPerms() + a.getId().getScheme() + ":" + a.getId().getId());
        texts.sort(Comparator.naturalOrder());
        return texts;
    }
}
