package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.wire.TxnRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.persistence.FileTxnLog.FileTxnIterator;
import org.apache.zookeeper.txn.CreateTxn;
import org.apache.zookeeper.txn.SetDataTxn;
import org.apache.zookeeper.txn.TxnHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs go both ways between this server and Apache ZooKeeper 3.9.5. */
class ApacheLogTest {
    @TempDir
    Path path;

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20})
    void apacheReadsOurLog(int preAllocBytes) throws IOException {
        Folder folder = DiskFolder.open(path);
        FileTxnLog log = Records.open(folder, preAllocBytes);
        Records.append(log, 1, 20);
        log.roll();
        Records.append(log, 21, 30);
        log.force();
        List<Long> seen = new ArrayList<>();
        try (FileTxnIterator apache = new FileTxnIterator(path.toFile(), 5)) {
            do {
                seen.add(apache.getHeader().getZxid());
                CreateTxn txn = (CreateTxn) apache.getTxn();
                assertThat(txn.getPath())
                        .isEqualTo(Records.path(apache.getHeader().getZxid()));
                assertThat(txn.getAcl()).isEqualTo(ZooDefs.Ids.OPEN_ACL_UNSAFE);
            } while (apache.next());
        }
        log.close();
        assertThat(seen).isEqualTo(Records.range(5, 30));
    }

    @Test
    void apacheTruncatesOurLogAndGoesOnInIt() throws IOException {
        Folder folder = DiskFolder.open(path);
        FileTxnLog log = Records.open(folder, 1 << 20);
        Records.append(log, 1, 20);
        log.force();
        log.close();
        try (var apache = new org.apache.zookeeper.server.persistence.FileTxnLog(path.toFile())) {
            assertThat(apache.getLastLoggedZxid()).isEqualTo(20);
            assertThat(apache.truncate(7)).isTrue();
            for (long zxid = 8; zxid <= 12; zxid++) {
                apache.append(setData(zxid));
            }
            apache.commit();
        }
        assertThat(Records.zxids(folder, 1)).isEqualTo(Records.range(1, 12));
    }

    @Test
    void weReadApachesLog() throws IOException {
        try (var apache = new org.apache.zookeeper.server.persistence.FileTxnLog(path.toFile())) {
            for (long zxid = 1; zxid <= 100; zxid++) {
                apache.append(setData(zxid));
                if (zxid % 30 == 0) {
                    apache.commit();
                    apache.rollLog();
                }
            }
            apache.commit();
        }
        Folder folder = DiskFolder.open(path);
        assertThat(Records.zxids(folder, 1)).isEqualTo(Records.range(1, 100));
        try (LogReader reader = FileTxnLog.reader(folder, Map.of(), 95)) {
            assertThat(reader.advance()).isTrue();
            TxnRecord record = TxnRecord.parse(reader.record().payload());
            assertThat(record.header().timeMillis()).isEqualTo(1_000_095);
            assertThat(record.digest()).isEmpty();
        }
        Records.open(folder, 0).truncate(40);
        assertThat(Records.zxids(folder, 1)).isEqualTo(Records.range(1, 40));
        assertThat(folder.names()).containsExactly("log.1", "log.1f");
    }

    private static Request setData(long zxid) {
        TxnHeader header = new TxnHeader(7, 8, zxid, 1_000_000 + zxid, OpCode.setData);
        return new Request(7, 8, OpCode.setData, header, new SetDataTxn("/a", new byte[30], (int) zxid), zxid);
    }
}
