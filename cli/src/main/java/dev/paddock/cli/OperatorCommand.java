package dev.paddock.cli;

import dev.paddock.cli.migrate.PodSettings;
import dev.paddock.operator.Operator;
import dev.paddock.operator.OperatorConfig;
import dev.paddock.operator.Release;
import dev.paddock.operator.ensemble.Blueprint;
import dev.paddock.operator.injection.Webhook;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
            "  paddock operator --namespace team-a --namespace team-b",
            "  paddock operator --lease paddock-operator --webhook paddock-webhook"
        })
final class OperatorCommand implements Callable<Integer> {
    @Option(names = "--namespace", paramLabel = "NAME", description = "Watch only this one (default: all).")
    private List<String> namespaces = List.of();

    @Option(
            names = "--own-namespace",
            paramLabel = "NAME",
            defaultValue = "${env:POD_NAMESPACE:-default}",
            description = "Where Lease and certificates are kept (default: $POD_NAMESPACE).")
    private String ownNamespace = "";

    @Option(
            names = "--lease",
            paramLabel = "NAME",
            description = "The Lease by which several replicas agree on who works (default: there is one replica).")
    private Optional<String> lease = Optional.empty();

    @Option(
            names = "--webhook",
            paramLabel = "SERVICE",
            description = "Serve the webhook that gives pods their sidecar, reached by this Service (default: do not).")
    private Optional<String> webhook = Optional.empty();

    @Option(
            names = "--webhook-port",
            paramLabel = "PORT",
            defaultValue = "9443",
            description = "The webhook's port (default: ${DEFAULT-VALUE}).")
    private int webhookPort;

    @Option(
            names = "--webhook-configuration",
            paramLabel = "NAME",
            defaultValue = "paddock",
            description = "The MutatingWebhookConfiguration that is told whom to trust (default: ${DEFAULT-VALUE}).")
    private String webhookConfiguration = "";

    @Option(
            names = "--sidecar-image",
            paramLabel = "IMAGE",
            description = "The sidecar that pods get (default: paddock/sidecar of this version).")
    private Optional<String> sidecarImage = Optional.empty();

    @Option(
            names = "--node-image",
            paramLabel = "REPOSITORY",
            defaultValue = Blueprint.NODE_IMAGE,
            description =
                    "The servers' image without its tag, which is a cluster's version (default: ${DEFAULT-VALUE}).")
    private String nodeImage = "";

    @Option(
            names = "--health-port",
            paramLabel = "PORT",
            description =
                    "Answer /health/live and /health/ready without TLS here (default: only the webhook answers them).")
    private Optional<Integer> healthPort = Optional.empty();

    OperatorCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        try (KubernetesClient kubernetes = new KubernetesClientBuilder().build()) {
            Operator operator = Operator.start(kubernetes, config(), PodSettings::of);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(operator::close));
            new CountDownLatch(1).await(); // until a signal ends the process
            return 0;
        } catch (KubernetesClientException | OperatorException | IOException failed) {
            throw new CommandFailed("operator: " + failed.getMessage(), failed);
        }
    }

    private OperatorConfig config() {
        return new OperatorConfig(
                Set.copyOf(namespaces),
                nodeImage,
                lease.map(name -> new OperatorConfig.Lease(name, ownNamespace, identity())),
                webhook.map(service -> new Webhook.Settings(
                        webhookPort,
                        ownNamespace,
                        service,
                        service + "-certificates",
                        webhookConfiguration,
                        sidecarImage.orElse("paddock/sidecar:" + Release.VERSION),
                        Release.VERSION)),
                healthPort);
    }

    /** In a pod, the pod's name. */
    private static String identity() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local") + "-"
                + ProcessHandle.current().pid();
    }
}
