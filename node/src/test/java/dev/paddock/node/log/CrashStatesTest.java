package dev.paddock.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paddock.node.log.CrashStates.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power goes at each boundary between two steps of the disk in a recorded run of everything that the storage writes, and
 * leaves of what was not forced this or that. Each server that starts then must hold what was acknowledged.
 */
class CrashStatesTest {
    private static final int STARTED_MIN = 20_000;
    private static final int REFUSED_MAX =
            1_900; // 1,839 are: what looks like damage, since sectors came in another order
    private static final int FAULTS_MAX = 5; // more tell nothing new

    private final Set<Long> seen = new HashSet<>(); // sums of the contents of folders
    private final Map<Kind, Integer> distinct = new EnumMap<>(Kind.class);
    private final List<String> faults = new ArrayList<>();
    private final Random random = new Random(5);
    private int boundaries;
    private int refused;
    private int withHole;

    @Test
    void eachHoldsWhatWasAcknowledged() throws IOException {
        long started = System.nanoTime();
        run(1, 0, "", 13);
        run(2, 1 << 13, "", 2);
        System.out.printf(
                "%,d distinct states after a power loss at %,d boundaries in %,d ms: %s; %,d with a hole in what was not"
                        + " forced, of which %,d were taken for damage%n",
                seen.size(), boundaries, (System.nanoTime() - started) / 1_000_000, distinct, withHole, refused);
        assertThat(faults).isEmpty();
        assertThat(seen.size() - refused).as("states that start").isGreaterThanOrEqualTo(STARTED_MIN);
        assertThat(refused).as("states that are refused").isLessThanOrEqualTo(REFUSED_MAX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"force", "forceFolder"})
    void aDiskThatOnlySaysSoIsFound(String lie) throws IOException {
        run(1, 0, lie, 3);
        assertThat(faults).isNotEmpty();
    }

    private void run(long seed, long preAllocBytes, String lie, int terms) throws IOException {
        CrashRun[] run = new CrashRun[1];
        run[0] = new CrashRun(seed, preAllocBytes, () -> losePower(run[0]));
        run[0].disk.lyingAbout(lie);
        run[0].live(terms);
    }

    private void losePower(CrashRun run) {
        if (faults.size() >= FAULTS_MAX) return;
        int boundary = boundaries++;
        PowerLoss loss = run.disk.powerLoss();
        CrashStates.each(loss.unforced(), random, (kind, kept) -> {
            CrashingFolder left = loss.left(kept);
            if (!seen.add(left.contentHash())) return;
            distinct.merge(kind, 1, Integer::sum);
            String fault = fault(run, loss, kept, left);
            if (!fault.isEmpty()) faults.add("boundary " + boundary + ", " + kind + " " + kept + ": it " + fault);
        });
    }

    private String fault(CrashRun run, PowerLoss loss, BitSet kept, CrashingFolder left) {
        boolean hasHole = loss.hasHole(kept);
        if (hasHole) withHole++;
        try {
            Recovered found = run.openOver(left).recover(Records.SILENT);
            String fault = run.acknowledged.judge(found);
            if (!fault.isEmpty()) return fault;
            Recovered again = run.openOver(left.powerLoss().left(new BitSet())).recover(Records.SILENT);
            return run.acknowledged.judge(again);
        } catch (DamagedLogException e) {
            if (!hasHole || e.offset() < forcedEnd(loss, e)) return "is refused: " + e.getMessage();
            refused++;
            return "";
        } catch (IOException e) {
            return "is refused: " + e;
        }
    }

    /** Where in the log file at fault the records end that were forced, and so perhaps acknowledged. */
    private static long forcedEnd(PowerLoss loss, DamagedLogException damage) {
        CrashingFolder forced = loss.left(new BitSet());
        String name = damage.file().getFileName().toString();
        if (!forced.names().contains(name)) return 0;
        long end = LogFormat.HEADER_BYTES;
        try (LogFileReader reader = new LogFileReader(forced, name)) {
            while (reader.next() instanceof LogFileReader.Found found)
                end = found.offset() + found.record().payload().length + LogFormat.FRAME_BYTES;
            return end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
