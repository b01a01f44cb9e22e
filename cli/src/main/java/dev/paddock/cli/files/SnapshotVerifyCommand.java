package dev.paddock.cli.files;

import dev.paddock.cli.CommandFailed;
import dev.paddock.node.log.DamagedFileException;
import dev.paddock.node.log.DamagedLogException;
import dev.paddock.node.log.DataFiles;
import dev.paddock.node.log.FileNames.Named;
import dev.paddock.node.log.Replay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock snapshot verify}: whether snapshots are what was written. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Read snapshots and tell whether each is what was written.",
        footer = {
            "",
            "Checked are the header, that every znode comes after its parent and once, every checksum, the end, and the digest",
            "of the tree where one is recorded. ZooKeeper writes snapshots while changes come in; then the log leads on to the",
            "zxid of the digest, and is read from the same folder (or --log-dir), with the tree in memory. Exit code 1 if",
            "anything is not as it should be, each with file, offset and what is wrong.",
            "",
            "Examples:",
            "  paddock snapshot verify /var/lib/zookeeper",
            "  paddock snapshot verify version-2/snapshot.100000002 --log-dir /fast-disk/zookeeper-log"
        })
final class SnapshotVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE|FOLDER", description = "A snapshot, or a folder of them.")
    private Path path = Path.of("");

    @Option(names = "--log-dir", paramLabel = "FOLDER", description = "Where the logs are (default: the same folder).")
    private @Nullable Path logDir;

    @Spec
    private CommandSpec spec;

    SnapshotVerifyCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> {
            DataFiles files = Offline.snapshots(path);
            int wrong = 0;
            try (Lines out = new Lines(spec.commandLine().getOut());
                    Meter meter = Meter.quiet(spec.commandLine().getErr())) {
                for (Named file : files.snapshots()) if (!isRight(files, file, meter, out)) wrong++;
            }
            if (wrong == 0) return 0;
            throw new CommandFailed(
                    wrong + " of " + Values.count(files.snapshots().size(), "snapshot") + " "
                            + (wrong == 1 ? "is" : "are")
                            + " not as written. A start passes over a damaged one and takes an older"
                            + " one with the log behind it, if both are whole: see `paddock log verify`");
        });
    }

    /** What comparing digests has shown, in words. */
    private record Verdict(boolean isRight, String said) {}

    private boolean isRight(DataFiles files, Named file, Meter meter, Lines out) throws IOException {
        try {
            Surveyed seen = Surveyed.of(files.folder(), file, 0, 0, meter);
            Verdict digest = digest(files, file, seen, meter);
            meter.clear();
            out.print((digest.isRight ? "ok       " : "WRONG    ")
                    + files.folder().path(file.name()) + ": "
                    + Values.count(seen.survey().znodes(), "znode") + ", "
                    + Values.count(seen.survey().sessions(), "session") + ", digest " + digest.said);
            return digest.isRight;
        } catch (DamagedFileException e) {
            meter.clear();
            out.print("DAMAGED  " + e.getMessage());
            return false;
        }
    }

    private Verdict digest(DataFiles files, Named file, Surveyed seen, Meter meter) throws IOException {
        return switch (seen.comparison()) {
            case NONE, EQUAL -> new Verdict(true, seen.digestSaid());
            case DIFFERENT, LATER -> byTheLog(files, file, seen, meter);
        };
    }

    /** The log behind it may explain a difference: ZooKeeper's snapshots may hold a transaction in part. */
    private Verdict byTheLog(DataFiles files, Named file, Surveyed seen, Meter meter) throws IOException {
        boolean isLater = seen.comparison() == Surveyed.Comparison.LATER;
        DataFiles logs = logs();
        if (logs.logs().isEmpty()) return new Verdict(isLater, seen.digestSaid() + ": not compared, there is no log");
        var replay = new Replay(Offline.RULES, meter);
        try {
            replay.load(files.folder(), new Named(file.name(), seen.zxid()));
            replay.replay(logs, Long.MAX_VALUE);
        } catch (DamagedLogException e) {
            return new Verdict(isLater, seen.digestSaid() + ": not compared, " + e.getMessage());
        }
        if (replay.mismatches() > 0) return new Verdict(false, String.join("; ", replay.notes()));
        String reached = Values.hex(replay.database().lastZxid());
        boolean isCompared = replay.database().lastZxid()
                >= seen.summary().digest().orElseThrow().zxid();
        return new Verdict(
                true,
                isCompared
                        ? "right with the log behind it, up to " + reached
                        : seen.digestSaid() + ": not compared, the log ends at " + reached);
    }

    private DataFiles logs() throws IOException {
        if (logDir != null) return Offline.folder(logDir);
        Path parent = path.toAbsolutePath().getParent();
        return Files.isRegularFile(path) && parent != null ? DataFiles.of(parent) : DataFiles.of(path);
    }
}
