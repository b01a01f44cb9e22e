package dev.paddock.cli.prepare;

import dev.paddock.cli.CommandFailed;
import dev.paddock.operator.ensemble.Preparation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paddock prepare}: runs in a member's pod before its server. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "In a pod, before its server: look whose volume it has and write what the server starts with.",
        footer = {
            "",
            "PADDOCK_CLUSTER is the UID of the CoordinationCluster, PADDOCK_MEMBER the id of the member.",
            "Exit codes besides the usual: 3 the volume of a voter with data is empty, 4 it is another's volume."
        })
public final class PrepareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}.")
    private Path data = Path.of(Preparation.DATA);

    @Option(names = "--config", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}.")
    private Path config = Path.of(Preparation.CONFIG);

    @Option(names = "--secret", paramLabel = "DIR", description = "Default: ${DEFAULT-VALUE}.")
    private Path secret = Path.of(Preparation.SECRET);

    @Option(names = "--cluster", paramLabel = "UID", defaultValue = "${env:PADDOCK_CLUSTER}", required = true)
    private String cluster = "";

    @Option(names = "--member", paramLabel = "ID", defaultValue = "${env:PADDOCK_MEMBER}", required = true)
    private int member;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            var outcome = new MemberVolume(data, cluster, member)
                    .prepare(
                            text(config, "zoo.cfg"),
                            text(config, "members"),
                            text(config, "known"),
                            text(secret, "superDigest"));
            return switch (outcome) {
                case MemberVolume.Outcome.Ready(String note) -> said(err, note, 0);
                case MemberVolume.Outcome.Wiped(String why) -> said(err, why, Preparation.EXIT_WIPED);
                case MemberVolume.Outcome.Stranger(String why) -> said(err, why, Preparation.EXIT_STRANGER);
            };
        } catch (IOException e) {
            throw new CommandFailed("prepare: " + e, e);
        }
    }

    /** The end of what is written here is what the pod's status shows. */
    private int said(PrintWriter err, String what, int exitCode) {
        err.println("member " + member + ": " + what);
        err.flush();
        return exitCode;
    }

    private static String text(Path folder, String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }
}
