package dev.paddock.node.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.TxnRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.zookeeper.server.DataTree.ProcessTxnResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories, applied to Apache ZooKeeper's tree and to ours: results, trees and events are the same. */
class DatabaseAgainstApacheTest {
    static LongStream seeds() {
        Long one = Long.getLong("seed");
        return one != null ? LongStream.of(one) : LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void appliesWhatApacheApplies(long seed) {
        var histories = new Histories(seed);
        var theirs = new ApacheTree();
        Database ours = Database.empty();
        theirs.assertSame(ours);
        for (int i = 0; i < 120; i++) {
            TxnRecord record = histories.next(ours);
            Applied applied = ours.apply(record);
            ProcessTxnResult result = theirs.apply(record);
            assertSame(record, result, applied.outcome());
            ours = applied.after();
            theirs.assertSame(ours);
        }
    }

    /** A snapshot that Apache wrote while it went on has later transactions in it: they are applied once more. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void replaysOverALaterStateAsApacheDoes(long seed) {
        var histories = new Histories(seed);
        var theirs = new ApacheTree();
        Database ours = Database.empty();
        List<TxnRecord> history = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            TxnRecord record = histories.next(ours);
            history.add(record);
            ours = ours.apply(record).after();
            theirs.apply(record);
        }
        for (TxnRecord record : history) {
            if (Histories.deletesParent(ours, record.txn())) continue;
            Applied again = ours.apply(record);
            assertSame(record, theirs.apply(record), again.outcome());
            ours = again.after();
            theirs.assertSame(ours);
        }
    }

    private static void assertSame(TxnRecord record, ProcessTxnResult theirs, Outcome ours) {
        String what = record.toString();
        switch (ours) {
            case Outcome.Path(var path) -> {
                assertThat(theirs.err).as(what).isZero();
                assertThat(theirs.path).as(what).isEqualTo(path);
            }
            case Outcome.PathAndStat(var path, var stat) -> {
                assertThat(theirs.path).as(what).isEqualTo(path);
                assertThat(ApacheTree.bytes(stat)).as(what).isEqualTo(ApacheTree.bytes(theirs.stat));
            }
            case Outcome.StatOnly(var stat) ->
                assertThat(ApacheTree.bytes(stat)).as(what).isEqualTo(ApacheTree.bytes(theirs.stat));
            case Outcome.Reconfigured(var config, var stat) ->
                assertThat(ApacheTree.bytes(stat)).as(what).isEqualTo(ApacheTree.bytes(theirs.stat));
            case Outcome.Failed(int error) -> assertThat(theirs.err).as(what).isEqualTo(error);
            case Outcome.Multi(var results) -> {
                assertThat(theirs.multiResult).as(what).hasSameSizeAs(results);
                for (int i = 0; i < results.size(); i++) {
                    assertSame(record, theirs.multiResult.get(i), results.get(i));
                }
            }
            case Outcome.Deleted d -> assertThat(theirs.err).as(what).isZero();
            case Outcome.Checked c -> assertThat(theirs.err).as(what).isZero();
            case Outcome.SessionCreated s -> assertThat(theirs.err).as(what).isZero();
            case Outcome.SessionClosed s -> assertThat(theirs.err).as(what).isZero();
        }
    }
}
