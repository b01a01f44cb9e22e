package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.log.LogCheck.Covered;
import dev.paddock.node.log.LogCheck.Damaged;
import dev.paddock.node.log.LogCheck.Finding;
import dev.paddock.node.log.LogCheck.TornEnd;
import dev.paddock.node.log.LogCheck.TornInside;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a start refuses, and what it takes, in a log of the three files log.1, log.b and log.15. */
class LogCheckTest {
    private final CrashingFolder folder = new CrashingFolder();
    private final List<Finding> findings = new ArrayList<>();

    @BeforeEach
    void threeFiles() throws IOException {
        FileTxnLog log = Records.open(folder, 0);
        for (long first = 1; first <= 21; first += 10) {
            Records.append(log, first, first + 9);
            log.roll();
        }
        log.close();
    }

    @Test
    void nothingIsWrongWithAWholeLog() throws IOException {
        assertThat(read()).isEqualTo(new LogCheck.Read(30, 1, 30));
        assertThat(findings).isEmpty();
    }

    /** Wherever a bit is turned, that very record is named, or the zeros behind all; the files after it are still read. */
    @Test
    void everyChangedBitIsFound() throws IOException {
        byte[] whole = folder.bytes("log.b");
        for (int at = 0; at < whole.length; at++) {
            if (at >= 8 && at < 16) continue; // the database id, which no server reads
            byte[] changed = whole.clone();
            changed[at] ^= 0x08;
            folder.put("log.b", changed);
            findings.clear();
            LogCheck.Read read = read();
            assertThat(findings).as("byte %s", at).isNotEmpty();
            assertThat(findings.getFirst()).as("byte %s", at).isInstanceOf(Damaged.class);
            long offset = ((Damaged) findings.getFirst()).failure().offset();
            assertThat(offset).as("byte %s", at).isBetween(0L, (long) whole.length);
            assertThat(read.lastZxid()).as("byte %s", at).isEqualTo(30);
        }
    }

    @Test
    void aZeroedPageIsDamage() throws IOException {
        byte[] zeroed = folder.bytes("log.b");
        Arrays.fill(zeroed, 300, 600, (byte) 0);
        folder.put("log.b", zeroed);
        read();
        assertThat(findings).hasSize(1).first().isInstanceOf(Damaged.class);
        assertThat(((Damaged) findings.getFirst()).failure().file()).hasFileName("log.b");
    }

    @Test
    void aZeroedHeaderIsDamage() throws IOException {
        byte[] zeroed = folder.bytes("log.1");
        Arrays.fill(zeroed, 0, 64, (byte) 0);
        folder.put("log.1", zeroed);
        assertThat(read().records()).isEqualTo(20);
        assertThat(findings).hasSize(1).first().isInstanceOf(Damaged.class);
    }

    @Test
    void aMissingFileIsDamageUnlessASnapshotHasIt() throws IOException {
        folder.delete("log.b");
        assertThat(read().records()).isEqualTo(20);
        assertThat(findings).hasSize(1).first().isInstanceOf(Damaged.class);
        findings.clear();
        read(19L);
        assertThat(findings).hasSize(1).first().isInstanceOf(Damaged.class);
        findings.clear();
        assertThat(read(5L, 20L).records()).isEqualTo(20);
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding).isInstanceOf(Covered.class);
            Covered covered = (Covered) finding;
            assertThat(covered.gap().before()).isEqualTo(10);
            assertThat(covered.gap().next()).isEqualTo(21);
            assertThat(covered.snapshotZxid()).isEqualTo(20);
        });
    }

    @Test
    void aLogThatNoSnapshotReachesIsDamage() throws IOException {
        folder.delete("log.1");
        read(9L);
        assertThat(findings).hasSize(1).first().isInstanceOf(Damaged.class);
        findings.clear();
        read(10L);
        assertThat(findings).isEmpty();
    }

    /** Wherever the newest file is cut, no record before that is lost, and it is no damage: a start goes on from there. */
    @Test
    void cutAtTheEndItIsTorn() throws IOException {
        byte[] whole = folder.bytes("log.15");
        for (int length = 0; length < whole.length; length += 3) {
            folder.put("log.15", Arrays.copyOf(whole, length));
            findings.clear();
            read();
            assertThat(findings).as("cut to %s", length).hasSizeLessThan(2).allMatch(TornEnd.class::isInstance);
            LogEnd end = Records.drain(folder, 1).end();
            assertThat(findings.stream().map(finding -> ((TornEnd) finding).tail()))
                    .containsExactlyElementsOf(end.torn().stream().toList());
        }
    }

    @Test
    void cutInsideItIsTornWhereTheHistoryGoesOnAndDamageElse() throws IOException {
        byte[] whole = folder.bytes("log.b");
        byte[] torn = Arrays.copyOf(whole, whole.length + 5);
        torn[whole.length] = 7;
        folder.put("log.b", torn);
        read();
        assertThat(findings).hasSize(1).first().isInstanceOf(TornInside.class);
        folder.put("log.b", Arrays.copyOf(whole, whole.length - 5));
        findings.clear();
        read();
        assertThat(findings).hasSize(1).first().isInstanceOf(Damaged.class);
        findings.clear();
        read(20L);
        assertThat(findings).hasSize(1).first().isInstanceOf(Covered.class);
    }

    private LogCheck.Read read(Long... snapshots) throws IOException {
        var files = new DataFiles(folder, List.of(), LogFiles.files(folder), Map.of());
        return new LogCheck(files, List.of(snapshots), findings::add, (records, file) -> {}).run();
    }
}
