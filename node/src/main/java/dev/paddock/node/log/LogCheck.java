package dev.paddock.node.log;

import dev.paddock.node.log.FileNames.Named;
import dev.paddock.wire.Zxid;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a whole log with the reader of a start-up, one record at a time, and where that would stop tells why and goes on
 * behind. Used once, by one thread.
 */
public final class LogCheck {
    private final ReadableFolder folder;
    private final Map<Long, Seam> seams;
    private final List<Long> snapshots;
    private final Consumer<Finding> findings;
    private final RecordSeen progress;
    private List<Named> files;
    private long records;
    private long firstZxid;
    private long lastZxid;

    /** Something that is not as it would be without a crash or a fault. */
    public sealed interface Finding {}

    /** What a start refuses to build on. */
    public record Damaged(DamagedLogException failure) implements Finding {}

    /** Records are missing, and a snapshot holds what they did: as after a leader has sent a snapshot. */
    public record Covered(LogGapException gap, long snapshotZxid) implements Finding {}

    /** A write that a crash cut short, behind which the history goes on in the next file: Apache leaves it so. */
    public record TornInside(TornTail tail) implements Finding {}

    /** A write that a crash cut short, at the end of all: a start cuts it off. */
    public record TornEnd(TornTail tail) implements Finding {}

    /** What was read; the zxids are 0 if that is nothing. */
    public record Read(long records, long firstZxid, long lastZxid) {}

    /** Told of each record. */
    public interface RecordSeen {
        /** Takes how many there were, and the file of the last. */
        void record(long records, String file);
    }

    /**
     * Prepares.
     *
     * @param snapshots zxids of the snapshots that may excuse gaps
     * @param findings  takes what is found, in the order of the log
     */
    public LogCheck(DataFiles logs, List<Long> snapshots, Consumer<Finding> findings, RecordSeen progress) {
        this.folder = logs.folder();
        this.files = logs.logs();
        this.seams = logs.seams();
        this.snapshots = List.copyOf(snapshots);
        this.findings = findings;
        this.progress = progress;
    }

    /** Reads it. */
    public Read run() throws IOException {
        long from = LogFiles.firstZxid(folder, files);
        while (from > 0) from = readFrom(from);
        return new Read(records, firstZxid, lastZxid);
    }

    /** Reads until something is wrong, and says from which zxid on to go on; 0 at the end. */
    private long readFrom(long zxid) throws IOException {
        LogReader reader = new LogReader(folder, files, seams, zxid, Long.MAX_VALUE);
        try (reader) {
            while (reader.advance()) take(reader);
            tellTails(reader);
            reader.end().torn().ifPresent(tail -> findings.accept(new TornEnd(tail)));
            return 0;
        } catch (LogGapException gap) {
            tellTails(reader);
            snapshots.stream()
                    .filter(gap::isCoveredBy)
                    .findFirst()
                    .ifPresentOrElse(
                            snapshot -> findings.accept(new Covered(gap, snapshot)),
                            () -> findings.accept(new Damaged(gap)));
            return gap.next();
        } catch (DamagedLogException damage) {
            tellTails(reader);
            findings.accept(new Damaged(damage));
            return behind(damage);
        }
    }

    private void take(LogReader reader) throws DamagedLogException {
        var _ = reader.txn();
        if (records == 0) begin(reader);
        lastZxid = reader.record().zxid();
        progress.record(++records, reader.file());
    }

    /** A snapshot that is older than all the log leads nowhere. */
    private void begin(LogReader reader) {
        firstZxid = reader.record().zxid();
        if (snapshots.isEmpty()) return;
        long newest = snapshots.getLast();
        Optional<Seam> seam =
                Seams.of(seams, firstZxid, LogFormat.checksum(reader.record().payload()));
        var gap = new LogGapException(
                folder.path(reader.file()),
                reader.offset(),
                "the log begins with zxid " + Zxid.toString(firstZxid) + ", and the newest snapshot is of "
                        + Zxid.toString(newest) + ": what was between them is missing",
                newest,
                firstZxid,
                seam.map(it -> it.before().last()).orElse(0L));
        if (!gap.isCoveredBy(newest)) findings.accept(new Damaged(gap));
    }

    private void tellTails(LogReader reader) {
        reader.excused().forEach(tail -> findings.accept(new TornInside(tail)));
    }

    /** Goes on with the next file: nothing in a file can be trusted behind its damage. */
    private long behind(DamagedLogException damage) throws IOException {
        int next = 0;
        while (!folder.path(files.get(next).name()).equals(damage.file())) next++;
        files = files.subList(next + 1, files.size());
        return LogFiles.firstZxid(folder, files);
    }
}
