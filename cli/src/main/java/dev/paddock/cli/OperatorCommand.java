package dev.paddock.cli;

import dev.paddock.operator.Operator;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code paddock operator}: the operator, until a signal ends it. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        description = "Watch a Kubernetes for CoordinationClusters and run what they ask for.",
        footer = {
            "",
            "It uses the account of its pod, or the kubeconfig outside of one.",
            "",
            "Examples:",
            "  paddock operator",
            "  paddock operator --namespace team-a --namespace team-b"
        })
final class OperatorCommand implements Callable<Integer> {
    @Option(names = "--namespace", paramLabel = "NAME", description = "Watch only this one (default: all).")
    private List<String> namespaces = List.of();

    OperatorCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        try (KubernetesClient kubernetes = new KubernetesClientBuilder().build()) {
            Operator operator = Operator.start(kubernetes, Set.copyOf(namespaces));
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(operator::close));
            new CountDownLatch(1).await(); // until a signal ends the process
            return 0;
        } catch (KubernetesClientException | OperatorException failed) {
            throw new CommandFailed("operator: " + failed.getMessage(), failed);
        }
    }
}
