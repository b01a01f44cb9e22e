package dev.paddock.e2e.damage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.e2e.histories.Tree;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What servers show that have lost or believed something is told from what they should show. */
class LedgerTest {
    private static final String KEPT = "w1";

    private final Ledger ledger = new Ledger();
    private final SortedMap<String, SortedMap<String, Tree.Znode>> trees = new TreeMap<>();

    @BeforeEach
    void write() {
        for (int i = 0; i < 4; i++) ledger.acknowledge(ledger.ask());
        ledger.ask(); // and nobody knows whether it is there
        for (String server : new String[] {"a", "b"}) {
            SortedMap<String, Tree.Znode> tree = new TreeMap<>();
            tree.put("/", znode("", 0));
            for (int i = 0; i < 4; i++) tree.put("/w" + i, znode(data("w" + i), i));
            trees.put(server, tree);
        }
    }

    private static Tree.Znode znode(String data, int czxid) {
        var stat = new Stat();
        stat.setCzxid(czxid);
        return new Tree.Znode(data, Ids.OPEN_ACL_UNSAFE, stat);
    }

    private static String data(String name) {
        return new String(Ledger.data(name), StandardCharsets.ISO_8859_1);
    }

    private void show(String server, String name, String data, int czxid) {
        trees.get(server).put("/" + name, znode(data, czxid));
    }

    @Test
    void whatWasAcknowledgedMustBeThereAndWhatWasAskedForMay() {
        assertThat(ledger.faultsOf(trees)).isEmpty();
        show("a", "w4", data("w4"), 4);
        show("b", "w4", data("w4"), 4);
        assertThat(ledger.faultsOf(trees)).isEmpty();
    }

    @Test
    void oneFlippedBitIsSeen() {
        char[] data = data(KEPT).toCharArray();
        data[data.length / 2] = (char) (data[data.length / 2] ^ 1);
        for (String server : trees.keySet()) show(server, KEPT, new String(data), 1); // all may have believed it
        assertThat(ledger.faultsOf(trees)).containsExactly("/w1 is wrong at a", "/w1 is wrong at b");
    }

    @Test
    void zerosAreSeen() {
        show("b", KEPT, "\0".repeat(data(KEPT).length()), 1);
        assertThat(ledger.faultsOf(trees)).containsExactly("/w1 is wrong at b");
    }

    @Test
    void whatIsLostIsSeen() {
        trees.get("b").remove("/" + KEPT);
        assertThat(ledger.faultsOf(trees)).containsExactly("/w1 is missing at b");
    }

    @Test
    void whatNobodyAskedForIsSeen() {
        show("b", "v1", data("v1"), 5);
        assertThat(ledger.faultsOf(trees)).containsExactly("/v1 is wrong at b");
    }

    @Test
    void serversThatDifferAreSeen() {
        show("b", KEPT, data(KEPT), 7);
        assertThat(ledger.faultsOf(trees)).containsExactly("/w1 is another at b");
        show("b", KEPT, data(KEPT), 1);
        show("b", "w4", data("w4"), 4); // one has it and the other has not
        assertThat(ledger.faultsOf(trees)).containsExactly("/w4 is another at b");
        show("a", "w4", data("w4"), 4);
        trees.get("b").remove("/w4");
        assertThat(ledger.faultsOf(trees)).containsExactly("/w4 is missing at b");
    }
}
