package dev.paddock.cli.files;

import dev.paddock.cli.CommandFailed;
import dev.paddock.node.log.DamagedLogException;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.LogCheck;
import dev.paddock.node.log.LogCheck.Finding;
import dev.paddock.node.log.LogGapException;
import dev.paddock.node.log.TornTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock log verify}: see {@link LogCheck}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Read all of a log and tell whether it is what was written.",
        footer = {
            "",
            "Checked are the header of each file, the checksum, length and content of each record, and that zxids follow each",
            "other within and between files. Bytes that a crash left behind the last record (a torn tail) were never",
            "acknowledged: they are told, a start cuts them off, and the exit code stays 0. Everything else is damage: each is",
            "told with file and offset, reading goes on with the next file, and the exit code is 1. Records that are missing",
            "are no damage where a snapshot holds what they did, as after a leader has sent a whole snapshot.",
            "",
            "Examples:",
            "  paddock log verify /var/lib/zookeeper",
            "  paddock log verify /fast-disk/zookeeper-log --data-dir /var/lib/zookeeper"
        })
final class LogVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "A log, or a folder of them.")
    private Path path = Path.of("");

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "Where the snapshots are (default: the same folder).")
    private @Nullable Path dataDir;

    @Spec
    private CommandSpec spec;

    private final List<DamagedLogException> damages = new ArrayList<>();

    LogVerifyCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> {
            DataFiles logs = Offline.logs(path);
            try (Lines out = new Lines(spec.commandLine().getOut())) {
                tell(check(logs, out), logs, out);
            }
            if (damages.isEmpty()) return 0;
            throw new CommandFailed(
                    Values.count(damages.size(), "place") + " in the log "
                            + (damages.size() == 1 ? "is" : "are")
                            + " not as written. A member of an ensemble whose others are well puts damaged files aside when it is"
                            + " started and copies all from the leader; a server that is alone needs the files back from a backup");
        });
    }

    private LogCheck.Read check(DataFiles logs, Lines out) throws IOException {
        try (Meter meter = Meter.quiet(spec.commandLine().getErr())) {
            return new LogCheck(logs, snapshots(logs), finding -> tell(finding, logs, out), meter::record).run();
        }
    }

    private List<Long> snapshots(DataFiles logs) throws IOException {
        DataFiles files = dataDir == null ? logs : Offline.snapshots(dataDir);
        return files.snapshots().stream().map(Named::zxid).toList();
    }

    private void tell(LogCheck.Read read, DataFiles logs, Lines out) {
        String files = Values.count(logs.logs().size(), "file") + ", ";
        if (read.records() == 0) out.print(files + "no transactions");
        else
            out.print(files + Values.count(read.records(), "transaction") + ", " + Values.hex(read.firstZxid()) + " to "
                    + Values.hex(read.lastZxid()) + (damages.isEmpty() ? ": as written" : ""));
    }

    private void tell(Finding finding, DataFiles logs, Lines out) {
        switch (finding) {
            case LogCheck.Damaged(DamagedLogException failure) -> {
                damages.add(failure);
                out.print("DAMAGED  " + failure.getMessage());
            }
            case LogCheck.Covered(LogGapException gap, long snapshot) ->
                out.print("gap      " + gap.file() + ", offset " + gap.offset() + ": after " + Values.hex(gap.before())
                        + " comes " + Values.hex(gap.next()) + "; the snapshot of " + Values.hex(snapshot)
                        + " holds what is missing");
            case LogCheck.TornInside(TornTail tail) ->
                out.print(
                        "torn     " + told(tail, logs) + "; never acknowledged, and the next file goes on without it");
            case LogCheck.TornEnd(TornTail tail) ->
                out.print("torn     " + told(tail, logs) + "; never acknowledged, and a start cuts it off");
        }
    }

    private static String told(TornTail tail, DataFiles logs) {
        return logs.folder().path(tail.file()) + ", offset " + tail.offset() + ": " + Values.bytes(tail.bytes())
                + " of a write that a crash cut short (" + tail.problem() + ")";
    }
}
