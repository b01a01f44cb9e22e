package dev.paddock.cli.files;

import dev.paddock.node.tree.Database;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code paddock snapshot diff}: what was added, removed and changed between two states. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Tell which znodes and sessions were added (+), removed (-) and changed (~) between two states.",
        footer = {
            "",
            "A state is a snapshot file; or a folder (dataDir or its version-2), which is what a server would start with: its",
            "newest whole snapshot, and the log behind that. With @ZXID behind it, it is the state at that zxid: a folder's",
            "newest snapshot before it, or the named one, and the log up to there. A snapshot that ZooKeeper wrote while changes",
            "came in holds some of them in part; a state with @ZXID does not.",
            "Exit code 0 if both hold the same, 1 if they differ. Both trees are kept in memory; PADDOCK_JAVA_OPTS=-Xmx8g",
            "gives it more.",
            "",
            "Examples:",
            "  paddock snapshot diff server1/data server2/data",
            "  paddock snapshot diff version-2/snapshot.100000002 version-2/snapshot.10000a000 --content",
            "  paddock snapshot diff data@0x100000002 data@0x100000003       what did one transaction do?"
        })
final class SnapshotDiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "FILE, FOLDER, FILE@ZXID or FOLDER@ZXID.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "B", description = "Likewise.")
    private String after = "";

    @Option(
            names = "--content",
            description = "Compare data, ACLs and owners only; not zxids, times, versions and sessions.")
    private boolean contentOnly;

    @Spec
    private CommandSpec spec;

    SnapshotDiffCommand() {}

    @Override
    public Integer call() {
        return Offline.run(() -> {
            Database one = state(before);
            Database other = state(after);
            try (Lines out = new Lines(spec.commandLine().getOut())) {
                out.print("--- " + before + " at " + Values.hex(one.lastZxid()) + ": "
                        + Values.count(one.znodeCount(), "znode"));
                out.print("+++ " + after + " at " + Values.hex(other.lastZxid()) + ": "
                        + Values.count(other.znodeCount(), "znode"));
                var difference = new Differences(one, other, contentOnly, out);
                difference.print();
                out.print(difference.summary());
                return difference.isNone() ? 0 : 1;
            }
        });
    }

    private Database state(String name) throws IOException {
        try (Meter meter = Meter.quiet(spec.commandLine().getErr())) {
            State state = State.of(name);
            Database database = state.load(meter);
            meter.clear();
            state.notes().forEach(note -> spec.commandLine().getErr().println("paddock: " + name + ": " + note));
            return database;
        }
    }
}
