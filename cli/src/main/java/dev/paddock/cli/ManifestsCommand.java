package dev.paddock.cli;

import dev.paddock.operator.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code paddock manifests}: what installs the operator, for {@code kubectl apply}. */
@Command(
        name = "manifests",
        mixinStandardHelpOptions = true,
        description = "Print the objects that install the operator in a Kubernetes.",
        footer = {
            "",
            "They are those of the Helm chart in charts/paddock with its defaults.",
            "",
            "Example:",
            "  paddock manifests | kubectl apply --server-side -f -"
        })
final class ManifestsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            defaultValue = Installation.NAMESPACE,
            description = "Where the operator is to live (default: ${DEFAULT-VALUE}).")
    private String namespace = "";

    ManifestsCommand() {}

    @Override
    public Integer call() {
        try {
            var out = spec.commandLine().getOut();
            out.print(Installation.manifests(namespace));
            out.flush();
            return 0;
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailed("manifests: " + wrong.getMessage(), wrong);
        }
    }
}
